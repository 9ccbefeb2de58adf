// Who has a tool, across the fleet, without reading every detection with its evidence.

export const detectionsByTool = `
create index detections_tool on detections (tool, device, account, gone);
`

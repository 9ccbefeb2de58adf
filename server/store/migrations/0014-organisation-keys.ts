// Which keys of the organisation's count for each agent, so that a replacement can be seen to have reached it.

export const organisationKeys = `
alter table devices add column organisation_keys text;
`

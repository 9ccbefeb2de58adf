// Devices are told who looked at what is theirs, which is asked of the audit log by its subject with each report.

export const auditBySubject = `
create index audit_by_subject on audit (subject, at);
`

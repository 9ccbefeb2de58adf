// Words for the actions in the audit log; an unknown one is shown as its code. Pure.

const actions: Readonly<Record<string, string>> = {
  'sign-in': 'Signed in',
  'sign-out': 'Signed out',
  'look-name': 'Looked at a name',
  'look-finding': 'Opened a finding',
  'look-timeline': 'Opened a timeline',
  'look-waivers': 'Looked at the names in waivers',
  'finding-open': 'Opened a finding again',
  'finding-acknowledged': 'Acknowledged a finding',
  'finding-disputed': 'Marked a finding as disputed',
  'finding-closed': 'Closed a finding',
  'add-waiver': 'Added a waiver',
  'revoke-waiver': 'Revoked a waiver',
  'apply-policy': 'Applied a policy',
  'plan-policy': 'Tried out a policy',
  'halt-release': 'Halted a policy on its way to the devices',
  'resume-release': 'Resumed a halted policy',
  'release-to-all': 'Gave a policy to all devices at once',
  'revoke-device': 'Revoked a device',
  'make-enrol-token': 'Made an enrolment token',
  'revoke-enrol-token': 'Revoked an enrolment token',
  'prepare-key': 'Prepared a key of the server',
  'replace-key': 'Replaced a key of the server',
  'import-people': 'Replaced the list of people',
}

export function actionText(action: string): string {
  return actions[action] ?? action
}

/** On what it was done: an id or a key; `*` is all there is. */
export function auditSubjectText(subject: string): string {
  return subject === '*' ? 'all' : subject
}

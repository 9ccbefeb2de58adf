// One thing that `doctor` looks at: how it is, and what to do where it is not as it should be. Pure.

/** In the order of the report. */
export type CheckName =
  | 'settings'
  | 'state-folder'
  | 'free-space'
  | 'spool'
  | 'agent'
  | 'enrolment'
  | 'server'
  | 'certificate'
  | 'proxy'
  | 'clock'
  | 'device'
  | 'policy'
  | 'check-in'
  | 'watching'
  | 'homes'
  | 'catalogue'

const order = ['ok', 'warn', 'fail'] as const
export type CheckResult = (typeof order)[number]

/** Its texts are in the language that the check was asked in. */
export interface Check {
  readonly name: CheckName
  readonly result: CheckResult
  /** How it is, in a sentence. */
  readonly says: string
  /** What to do; null when nothing is to be done. */
  readonly advice: string | null
}

export function ok(name: CheckName, says: string): Check {
  return { name, result: 'ok', says, advice: null }
}

export function warn(name: CheckName, says: string, advice: string): Check {
  return { name, result: 'warn', says, advice }
}

export function fail(name: CheckName, says: string, advice: string): Check {
  return { name, result: 'fail', says, advice }
}

/** The worst of them. */
export function worstOf(checks: readonly Check[]): CheckResult {
  return order.findLast((result) => checks.some((check) => check.result === result)) ?? 'ok'
}

// One thing that `doctor` looks at: how it is, and what to do where it is not as it should be. Pure.

/** In the order of the report. */
export const checkTitles = {
  settings: 'Settings',
  'state-folder': 'State folder',
  'free-space': 'Free space',
  spool: 'Spool',
  agent: 'Agent',
  enrolment: 'Enrolment',
  server: 'Server',
  certificate: 'Certificate',
  proxy: 'Proxy',
  clock: 'Clock',
  device: 'Device',
  policy: 'Policy',
  'check-in': 'Last report',
  watching: 'Watching',
  homes: 'Homes',
  catalogue: 'Catalogue',
} as const
export type CheckName = keyof typeof checkTitles

export interface Check {
  readonly name: CheckName
  readonly result: 'ok' | 'warn' | 'fail'
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

const order = ['ok', 'warn', 'fail'] as const

/** The worst of them. */
export function worstOf(checks: readonly Check[]): Check['result'] {
  return order.findLast((result) => checks.some((check) => check.result === result)) ?? 'ok'
}

/** `2 h`, `3 days`: roughly how long. */
export function roughly(ms: number): string {
  const count = (unit: number): number => Math.round(Math.abs(ms) / unit)
  if (count(1000) < 120) return `${count(1000)} s`
  if (count(60_000) < 120) return `${count(60_000)} min`
  return count(3_600_000) < 48 ? `${count(3_600_000)} h` : `${count(86_400_000)} days`
}

// What was verified, as rows of a table and one line of counts. Pure.
import type { ToolFile, VerifiedPackage } from '../../shared/tool.ts'
import { differencesOf, namesToVerify } from './verified-file.ts'

export const reportHead = [
  'tool',
  'package',
  'outcome',
  '--version',
  'touched',
  'agent',
  'to look at',
] as const

/** One row a package that was tried, or one that says that none was. */
export function reportRows(file: ToolFile): readonly (readonly string[])[] {
  const { verified } = file
  if (verified === undefined) return [[file.id, namesToVerify(file).join(', '), 'not tried', '', '', '', '']]
  const { missing, extra } = differencesOf(file, verified.packages)
  const toolRemarks = [
    ...(missing.length === 0 ? [] : [`not from npm: ${missing.join(', ')}`]),
    ...(extra.length === 0 ? [] : [`not in the catalogue: ${extra.join(', ')}`]),
  ]
  return verified.packages.map((one, at) => [
    file.id,
    one.version === undefined ? one.name : `${one.name} ${one.version}`,
    one.why === undefined ? one.outcome : `${one.outcome}: ${one.why}`,
    [
      ...Object.entries(one.commands ?? {}).map(([name, outcome]) => `${name} ${outcome}`),
      ...(one.use === undefined ? [] : [`use ${one.use}`]),
    ].join(', '),
    touchedWords(one),
    one.detected === undefined ? '' : one.detected ? 'detected' : 'WRONG',
    [
      ...(one.deprecated === undefined ? [] : ['deprecated']),
      ...(one.renamed === false ? ['not told by its content'] : []),
      ...(at === 0 ? toolRemarks : []),
    ].join('; '),
  ])
}

function touchedWords({ touched }: VerifiedPackage): string {
  return Object.entries(touched ?? {})
    .map(([step, places]) => `${step} ${places?.length ?? 0}`)
    .join(', ')
}

/** As in `3 tools of 4 tried: 2 packages installed, 1 not-in-registry`. */
export function countLine(files: readonly ToolFile[]): string {
  const tried = files.flatMap(({ verified }) => verified ?? [])
  const counts = new Map<string, number>()
  for (const { outcome } of tried.flatMap(({ packages }) => packages))
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome}`)
  return `${tried.length} tools of ${files.length} tried${words.length === 0 ? '' : `; packages: ${words.join(', ')}`}`
}

/** As in `Debian 12, x64, Node 26.10.0, npm 11.19.1`, from the text of /etc/os-release. */
export function systemWords(release: string, arch: string, node: string, npm: string): string {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? ''
  const name = [field('NAME').split(' ')[0] ?? '', field('VERSION_ID')].filter(Boolean).join(' ')
  return `${name || 'Linux'}, ${arch}, Node ${node}, npm ${npm}`
}

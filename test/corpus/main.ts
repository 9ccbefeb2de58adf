// `npm run corpus`: looks at made-up machines whose truth is known, and prints how right Cutoff was.
//
//   --seed N    the first machine's number; the same number makes the same machines (1)
//   --cases N   at least as many tools on them (2000)
//   --peers     the public rules of others beside it, too
//   --origins   where each way to install was seen or is written down
import { parseArgs } from 'node:util'
import { markdownTable } from '../load/markdown-table.ts'
import { blindSpots, gapsOf } from './blind-spots.ts'
import { comparison, comparisonHead, comparisonRows } from './comparison.ts'
import { machineOf } from './machine.ts'
import { outcomeOf } from './pipeline.ts'
import { peers } from './peers.ts'
import { facts } from './real-tools.ts'
import { count, emptyScore, share, summaryHead, summaryRows, tallyHead, tallyRows } from './score.ts'
import { subjects } from './subjects.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '2000' },
    peers: { type: 'boolean', default: false },
    origins: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  const score = emptyScore()
  const first = Number(values.seed)
  let cases = 0
  for (let seed = first; cases < Number(values.cases); seed += 1) {
    const machine = machineOf(seed)
    cases += machine.cases.length
    count(score, machine, await outcomeOf(machine), `machine ${seed}`)
  }
  const surfaces = new Map([...score.surfaces].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const tools = new Set(subjects.map(({ tool }) => tool)).size
  console.log(
    `\n${score.machines} machines from number ${first}, ${cases} cases: ${tools} tools, ${surfaces.size} surfaces; facts of ${facts.observed}`,
  )
  section('In short', summaryHead, summaryRows(score))
  section('By what was done', tallyHead, tallyRows(score.stories))
  section('By surface', tallyHead, tallyRows(surfaces))
  section(
    'Look-alikes',
    ['', 'machines', 'false detections'],
    [...score.lookAlikes].map(([kind, t]) => [kind, String(t.machines), String(t.falseDetections)]),
  )
  section(
    'By what was said',
    ['', 'said', 'precision'],
    [...score.said].map(([what, t]) => [what, String(t.said), share(t.right, t.said)]),
  )
  const blind: string[][] = []
  for (const spot of blindSpots) blind.push([spot.what, spot.gap ?? 'none', (await gapsOf(spot)).said])
  section('Known blind spots', ['', 'gap that says so', 'what a look says'], blind)
  if (values.peers) {
    section('Who says that the tool is there', comparisonHead, comparisonRows(await comparison(5)))
    console.log('\nOnly rules that were read are restated; what else they have (see peers.ts) is not here.')
    for (const { name, source } of peers) console.log(`- ${name}: ${source}`)
  }
  if (values.origins) section('Where the layouts are from', ['', 'tools', 'origin'], originRows())
  console.log(`\nwrong in this run: ${score.wrongs.length}`)
  for (const { what, where, said } of score.wrongs) console.log(`- ${what}: ${where}: ${said}`)
  if (score.wrongs.length > 0) process.exitCode = 1
}

function originRows(): string[][] {
  const bySeen = Map.groupBy(subjects, ({ surface, seen }) => `${surface}\0${seen}`)
  return [...bySeen.values()].map((own) => [
    own[0]?.surface ?? '',
    own.length > 3 ? `${own.length} tools` : own.map(({ tool }) => tool).join(', '),
    own[0]?.seen ?? '',
  ])
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n\n${markdownTable(head, rows)}`)
}

await main()

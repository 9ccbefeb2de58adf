// `npm run test:faults -- --runs N --seed S`: the promises R1 to R7, R11, R12, R14 and C6, by a real agent and a real server that
// are killed, cut off, damaged and starved. The same seed makes the same plan; instants differ by what the machine does.
//
//   --runs N        kills; eight times as many uses, a thousand times as many policies; other harnesses run a part of that (50)
//   --seed S        (1)
//   --only NAME,…   some of them
import process from 'node:process'
import { circumstances, numberOption } from '../load/circumstances.ts'
import { harnesses } from './harnesses.ts'
import { seeded } from './seeded.ts'

const runs = numberOption('runs', 50)
const seed = numberOption('seed', 1)
const onlyAt = process.argv.indexOf('--only')
const only = onlyAt === -1 ? null : (process.argv[onlyAt + 1] ?? '').split(',')

console.log(`${circumstances()}; seed ${seed}`)
let failed = 0
let skipped = 0
for (const { name, whyNot, run } of harnesses) {
  if (only !== null && !only.includes(name)) continue
  const reason = whyNot()
  if (reason !== undefined) {
    skipped++
    console.log(`- ${name}: skipped, ${reason}`)
    continue
  }
  const startedMs = performance.now()
  const outcome = await run(runs, seeded(seed))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
  failed += outcome.failures.length
  console.log(
    `${outcome.failures.length === 0 ? '✓' : '✗'} ${name}: ${outcome.name}: ${outcome.runs} runs, ${outcome.failures.length} failures (${seconds} s)`,
  )
  for (const line of [...outcome.failures.slice(0, 20), ...outcome.notes]) console.log(`    ${line}`)
}
console.log(`${failed} failures, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1

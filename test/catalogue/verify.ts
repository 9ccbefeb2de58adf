// `npm run catalogue:verify`: installs the npm packages of the catalogue's tools, one after the other, each in a throwaway
// account, and writes what arrived and what it touched into the tool's file, after each tool: run it again to go on.
//
//   --only ID,ID           these tools, also when what is written is of the version that the registry offers
//   --changed-since DAY    only tools with a package whose newest version came out on that day or later
//   --elsewhere            instead: fetch these tools' programs for macOS and Windows, tell each by its content, write nothing
//   --managers             instead: go through the package managers that are here, and print whether the agent tells what they leave
//   --report               print what is written in the files, and install nothing
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { format, type FormatConfig } from 'oxfmt'
import { loadToolFiles, readTool } from '../../installers/generate.ts'
import { toolIds } from '../../shared/catalogue.ts'
import { ToolFile, type Verified, type VerifiedPackage } from '../../shared/tool.ts'
import { openLab, whyNoLab, type Lab } from '../helpers/lab/lab.ts'
import { bundleAgent } from '../load/agent-bundle.ts'
import { markdownTable } from '../load/markdown-table.ts'
import { tryManagers } from './real-installs.ts'
import { programsElsewhere } from './programs-elsewhere.ts'
import { askRegistry } from './registry.ts'
import { tryPackage, type Workshop } from './trial.ts'
import { countLine, reportRows, reportHead, systemWords } from './verified-report.ts'
import { isCurrent, namesToVerify, withVerified, type Offer } from './verified-file.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

interface Wishes {
  readonly only: readonly string[] | null
  readonly changedSince: string | null
  readonly elsewhere: boolean
  readonly managers: boolean
  readonly report: boolean
}

async function main(): Promise<number> {
  const wishes = readWishes()
  if (typeof wishes === 'string') return complain(`${wishes} [option-invalid]`)
  const files = await readFiles()
  const unknown = wishes.only?.find((id) => !files.some((file) => file.id === id))
  if (unknown !== undefined) return complain(`No tool of the catalogue has the id ${unknown}. [tool-unknown]`)
  const chosen = files.filter((file) => wishes.only?.includes(file.id) ?? namesToVerify(file).length > 0)
  if (wishes.report) {
    printReport(chosen)
    return 0
  }
  const stale = chosen.find((file) => !toolIds.includes(file.id))
  if (stale !== undefined)
    return complain(`${stale.id} is not in the index: run npm run catalogue:index first. [index-stale]`)
  const why = whyNoLab()
  if (why !== undefined) return complain(`Nothing was verified: ${why}. [no-lab]`)
  const lab = await openLab()
  process.once('SIGINT', () => process.exit(130)) // its accounts go with the process
  try {
    if (wishes.managers) return await lookAtManagers(lab)
    return wishes.elsewhere ? await lookElsewhere(chosen, lab) : await verifyAll(chosen, wishes, lab)
  } finally {
    await lab.close()
  }
}

async function verifyAll(chosen: readonly ToolFile[], wishes: Wishes, lab: Lab): Promise<number> {
  // One agent for the whole run, whatever is edited meanwhile.
  const workshop: Workshop = { lab, agent: await bundleAgent(root, 'catalogue-verify') }
  const asking = lab.accounts.make()
  const npm = execFileSync('npm', ['--version'], { encoding: 'utf8', cwd: '/' }).trim()
  const system = systemWords(
    readFileSync('/etc/os-release', 'utf8'),
    process.arch,
    process.versions.node,
    npm,
  )
  const wrong: string[] = []
  for (const tool of chosen) {
    const offers = new Map<string, Offer | null>()
    for (const name of namesToVerify(tool)) offers.set(name, await askRegistry(asking, name))
    if (!isWanted(tool, offers, wishes)) continue
    const packages: VerifiedPackage[] = []
    for (const [name, offer] of offers) {
      const trial = await tryPackage(workshop, tool, name, offer)
      packages.push(trial.seen)
      wrong.push(...trial.wrong.map((what) => `${tool.id}: ${what}`))
    }
    if (packages.length === 0) continue
    const verified: Verified = { on: new Date().toISOString().slice(0, 10), system, packages }
    await writeVerified(tool.id, verified)
    for (const row of reportRows({ ...tool, verified })) console.log(row.join(' · '))
  }
  printReport((await readFiles()).filter((file) => chosen.some(({ id }) => id === file.id)))
  if (wrong.length === 0) return 0
  console.error(`\nThe agent told something wrong:\n  ${wrong.join('\n  ')}`)
  return 1
}

async function lookAtManagers(lab: Lab): Promise<number> {
  const outcomes = await tryManagers(lab, await bundleAgent(root, 'catalogue-verify'))
  const rows = outcomes.map(({ manager, outcome, why }) => [manager, outcome, why.replaceAll(/\s+/g, ' ')])
  console.log(`\n${markdownTable(['manager', 'outcome', 'why'], rows)}`)
  return outcomes.some(({ outcome }) => outcome === 'told wrongly') ? 1 : 0
}

async function lookElsewhere(chosen: readonly ToolFile[], lab: Lab): Promise<number> {
  const account = lab.accounts.make()
  const rows: string[][] = []
  for (const tool of chosen) {
    if (tool.signals.build === undefined) continue
    for (const name of namesToVerify(tool)) {
      const programs = await programsElsewhere(account, tool, name)
      rows.push(...programs.map(({ os, program, build }) => [tool.id, os, program, build ?? '–']))
    }
  }
  console.log(`\n${markdownTable(['tool', 'system', 'program', 'told as'], rows)}`)
  return 0
}

function isWanted(tool: ToolFile, offers: ReadonlyMap<string, Offer | null>, wishes: Wishes): boolean {
  if (wishes.only !== null) return true
  const since = wishes.changedSince
  if (since !== null && ![...offers.values()].some((offer) => (offer?.published ?? '') >= since)) return false
  return !isCurrent(tool.verified, offers)
}

/** Reads the file anew: somebody may have edited it since the run began. */
async function writeVerified(id: string, verified: Verified): Promise<void> {
  const path = join(root, 'shared/catalogue/tools', `${id}.json`)
  // Validated, but not as the schema orders it: the file's own order of keys stays.
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  ToolFile.parse(value)
  const text = JSON.stringify(withVerified(value as ToolFile, verified), null, 2)
  const options = JSON.parse(readFileSync(join(root, '.oxfmtrc.json'), 'utf8')) as FormatConfig
  writeFileSync(path, (await format(`${id}.json`, text, options)).code)
}

async function readFiles(): Promise<readonly ToolFile[]> {
  return (await loadToolFiles(root)).map(readTool).flatMap((read) => (read.ok ? [read.tool] : []))
}

function printReport(files: readonly ToolFile[]): void {
  console.log(`\n${markdownTable(reportHead, files.flatMap(reportRows))}\n\n${countLine(files)}`)
}

function readWishes(): Wishes | string {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        'changed-since': { type: 'string' },
        elsewhere: { type: 'boolean' },
        managers: { type: 'boolean' },
        report: { type: 'boolean' },
      },
    })
    const since = values['changed-since'] ?? null
    if (since !== null && !/^\d{4}-\d{2}-\d{2}$/.test(since))
      return '--changed-since takes a day as 2026-11-22.'
    return {
      only: values.only?.split(',') ?? null,
      changedSince: since,
      elsewhere: values.elsewhere === true,
      managers: values.managers === true,
      report: values.report === true,
    }
  } catch (error) {
    // Only what parseArgs says of the arguments; its messages are meant for people.
    if (error instanceof TypeError) return `${error.message.split('. ')[0] ?? error.message}.`
    throw error
  }
}

function complain(sentence: string): number {
  console.error(`catalogue:verify: ${sentence}`)
  return 1
}

process.exitCode = await main()

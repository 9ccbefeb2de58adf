// What is checked of each executable, by system: run where that can be done here, read where it cannot.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'
import { signingTeam } from '../../agent/parsers/code-signature.ts'
import { starterOf } from '../../installers/executable/chunks.ts'
import { pinnedNode } from '../../installers/executable/pinned-node.ts'
import { stripNode } from '../../installers/executable/strip.ts'
import { ownTarget, type Target } from '../../installers/executable/targets.ts'
import { findSystemCommand } from '../helpers/lab/commands.ts'
import { readText, repositoryRoot } from '../helpers/repository.ts'
import { median } from '../load/statistics.ts'
import { closedHiveRead } from './closed-hive.ts'
import { commands, linkedData, processors, readMachO, readSignature } from './mach-o.ts'
import { notedStartsTold } from './noted-starts.ts'
import { proxyOfTheMachine } from './windows-proxy.ts'
import { settingsFromTheMachine } from './windows-settings.ts'
import { windowsCheckIn } from './windows-check-in.ts'
import { openWine } from './wine.ts'

/** One thing that was looked at. */
export interface Check {
  readonly what: string
  /** null: could not be done here, `found` says why. */
  readonly ok: boolean | null
  readonly found: string
}

const version: string = JSON.parse(readText('package.json')).version
const own = ownTarget(process.platform, process.arch)
const maxBuffer = 256 * 1024 * 1024

/** Everything that can be said here of the executable at `path`. */
export async function checkTarget(target: Target, path: string): Promise<readonly Check[]> {
  const bytes = readFileSync(path)
  const clean: Check = {
    what: 'names no folder of this checkout',
    ok: !bytes.includes(repositoryRoot),
    found: '',
  }
  switch (target.system) {
    case 'linux':
      return [clean, ...checkLinux(target, path)]
    case 'darwin':
      return [clean, ...checkMac(target, bytes)]
    case 'win':
      return [clean, ...(await checkWindows(path, bytes))]
  }
}

function checkLinux(target: Target, path: string): readonly Check[] {
  const starter = starterOf(target, own)
  if (starter === null) return [{ what: 'starts', ok: null, found: 'no emulator for it here' }]
  const run = (...words: string[]) => {
    const [program = '', ...args] = [...starter, path, ...words]
    return spawnSync(program, args, { encoding: 'utf8', maxBuffer })
  }
  const checks = runChecks(run)
  if (target !== own) return checks
  const bare = () => spawnSync(process.execPath, ['--print', '0'])
  const rounds = Array.from({ length: 15 }, () => [msOf(() => run('--version')), msOf(bare)] as const)
  const ms = median(rounds.map(([agent]) => agent))
  const node = median(rounds.map(([, alone]) => alone))
  const what = 'first output within 150 ms (C7), median of 15'
  return [...checks, { what, ok: ms <= 150, found: `${ms.toFixed(0)} ms, Node alone ${node.toFixed(0)} ms` }]
}

/** The whole run of `--version`, which prints one line and ends: no less than the time to its output. */
function msOf(run: () => unknown): number {
  const startedMs = performance.now()
  run()
  return performance.now() - startedMs
}

type Run = (...words: string[]) => {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function runChecks(run: Run): readonly Check[] {
  const told = run('--version')
  const scan = run('scan', '--json', '--state', join(tmpdir(), 'cutoff-no-state'))
  const document = parsed(scan.stdout)
  return [
    {
      what: 'tells its version, and warns of nothing',
      ok: told.stdout.trim() === version && told.stderr === '',
      found: `${told.stdout.trim()} ${told.stderr}`.trim(),
    },
    {
      what: 'scans and prints its document',
      ok: scan.status === 0 && document?.version === version && (document.accounts?.length ?? 0) > 0,
      found: `status ${scan.status}, ${document?.accounts?.length ?? 'no'} accounts, ${document?.gaps?.length ?? 'no'} gaps ${scan.stderr.slice(0, 200)}`,
    },
  ]
}

interface ScanDocument {
  readonly version?: string
  readonly accounts?: readonly unknown[]
  readonly gaps?: readonly unknown[]
  readonly detections?: readonly { readonly tool: string; readonly state: string }[]
}

function parsed(text: string): ScanDocument | null {
  try {
    return JSON.parse(text) as ScanDocument // its fields are looked at as if they might be missing
  } catch {
    return null
  }
}

function teamOf(file: Buffer): string | null {
  return signingTeam((position, length) => file.subarray(position, position + length))
}

function checkMac(target: Target, bytes: Buffer): readonly Check[] {
  const image = readMachO(bytes)
  const pinned = pinnedNode(repositoryRoot, target).path
  const node = readMachO(readFileSync(pinned))
  const apples = readSignature(node)
  const signature = readSignature(image)
  return [
    {
      what: 'is for its processor, with the agent in a segment of its own',
      ok:
        image.processor === processors[target.arch] &&
        image.segments.some(({ name, sections }) => name === 'NODE_SEA' && sections.length === 1),
      found: image.segments.map(({ name }) => name).join(' '),
    },
    {
      what: 'this reader finds Apple’s own signature of Node whole',
      ok: apples?.badPages === 0 && apples.complete && !apples.adHoc,
      found: `${apples?.badPages} of ${apples?.pages} pages bad`,
    },
    {
      what: 'the agent’s reader finds the team that signed Node',
      ok: teamOf(node.file) === 'HX7739G8FX',
      found: teamOf(node.file) ?? 'none',
    },
    {
      what: 'is signed ad hoc, every page',
      ok: signature?.badPages === 0 && signature.complete && signature.adHoc,
      found: `${signature?.badPages} of ${signature?.pages} pages bad, ${signature?.identifier}`,
    },
    strippedAsBefore(target, pinned, node),
    { what: 'code and data are Node’s', ...sameSegments(image, node) },
    { what: 'starts', ok: null, found: 'no macOS here' },
  ]
}

/** The lists that the system binds the program by. (When the agent is put in, they are written anew, as for any such program.) */
function strippedAsBefore(target: Target, pinned: string, node: Image): Check {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-stripped-'))
  try {
    stripNode(target, pinned, join(folder, 'node'))
    const stripped = readMachO(readFileSync(join(folder, 'node')))
    const lists = [commands.exports, commands.fixups, commands.functionStarts]
    return {
      what: 'stripping changes neither exports nor fix-ups nor where functions begin',
      ok: lists.every((list) => linkedData(stripped, list).equals(linkedData(node, list))),
      found: `${lists.map((list) => linkedData(node, list).length).join(', ')} bytes`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Image = ReturnType<typeof readMachO>

/** All but the header, which lists the new segment, and what the linker appended. */
function sameSegments(image: Image, node: Image): { readonly ok: boolean; readonly found: string } {
  const differing = node.segments
    .filter(({ name, bytes }) => name !== '__LINKEDIT' && bytes > 0)
    .filter((segment) => {
      const other = image.segments.find(({ name }) => name === segment.name)
      if (other === undefined || other.bytes !== segment.bytes) return true
      const skipped = segment.name === '__TEXT' ? 0x4000 : 0
      const of = (one: Image, at: number) => one.file.subarray(at + skipped, at + segment.bytes)
      return bytesThatDiffer(of(image, other.offset), of(node, segment.offset)) > 1
    })
  return { ok: differing.length === 0, found: differing.map(({ name }) => name).join(' ') || 'all the same' }
}

/** The fuse that says that there is something to run flips one character. */
function bytesThatDiffer(one: Buffer, other: Buffer): number {
  if (one.equals(other)) return 0
  let count = 0
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) count++
  return count
}

async function checkWindows(path: string, bytes: Buffer): Promise<readonly Check[]> {
  const executable = NtExecutable.from(bytes)
  const { entries } = NtExecutableResource.from(executable)
  const info = Resource.VersionInfo.fromEntries(entries)[0]
  const language = info?.getAllLanguagesForStringValues()[0]
  const values = language === undefined ? {} : (info?.getStringValues(language) ?? {})
  const icons = Resource.IconGroupEntry.fromEntries(entries)
  const described: Check = {
    what: 'says what it is, with an icon',
    ok:
      values['ProductName'] === 'Cutoff' && values['FileVersion'] === version && icons[0]?.icons.length === 6,
    found: `${values['FileDescription']} ${values['FileVersion']}`,
  }
  const wine = findSystemCommand('wine')
  if (wine === undefined) return [described, { what: 'starts', ok: null, found: 'no Wine here' }]
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-wine-'))
  try {
    const opened = openWine(wine, folder)
    if (!existsSync(opened.home))
      return [described, { what: 'starts', ok: null, found: 'Wine makes no home here' }]
    const run: Run = (...words) => opened.run(path, ...words)
    return [
      described,
      ...runChecks(run),
      foundInHome(opened.home, run),
      notedStartsTold(opened, run),
      closedHiveRead(opened, run),
      ...settingsFromTheMachine(opened, opened.copy),
      ...proxyOfTheMachine(opened, opened.copy),
      ...(await windowsCheckIn(wine, path)),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 })
  }
}

/** As npm, VS Code and Claude Code lay them out. */
const windowsHome: Readonly<Record<string, string>> = {
  'AppData/Roaming/npm/node_modules/@openai/codex/package.json':
    '{"name":"@openai/codex","version":"1.2.3","bin":"cli.js"}',
  'AppData/Roaming/npm/node_modules/@openai/codex/cli.js': '#!/usr/bin/env node\n',
  '.vscode/extensions/extensions.json':
    '[{"identifier":{"id":"anthropic.claude-code"},"version":"2.1.0","relativeLocation":"anthropic.claude-code-2.1.0"}]',
  '.vscode/extensions/anthropic.claude-code-2.1.0/package.json': '{}',
  '.claude/projects/C--x/s.jsonl':
    '{"type":"assistant","sessionId":"s","timestamp":"2026-11-22T10:00:00.000Z","message":{"role":"assistant","model":"claude-x","content":[]}}\n',
}

/** The account comes from Wine's registry, the files from its drive. */
function foundInHome(home: string, run: Run): Check {
  for (const [path, text] of Object.entries(windowsHome)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  const document = parsed(run('scan', '--json').stdout)
  const found = (document?.detections ?? []).map(({ tool, state }) => `${tool} ${state}`)
  return {
    what: 'finds tools and a use in a home made for it',
    ok: ['claude-code used', 'codex-cli installed'].every((one) => found.includes(one)),
    found: found.join(', '),
  }
}

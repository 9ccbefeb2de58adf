// A home on the real disk that somebody filled to harm whoever looks into it, with a tool in it that was really used. Needs root,
// because the home belongs to another account. Knows nothing of what a test puts there.
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Host } from '../../agent/platform/host.ts'
import { linuxHost } from '../../agent/platform/linux.ts'
import { emptyMemory } from '../../agent/memory.ts'
import { scan, type ScanResult } from '../../agent/scan.ts'
import { tools } from '../../shared/catalogue.ts'
import { detect } from '../../shared/detect.ts'
import { matcherOf } from '../../shared/match.ts'
import type { Account } from '../../shared/observation.ts'
import { claudeInstalled, transcript } from './test-agent.ts'

/** Ours while tests run, nobody's on any machine: too high for people, too low for containers. */
export const owner = 61_873

export interface HostileHome {
  readonly path: string
  readonly account: Account
  readonly folder: (path: string) => string
  readonly file: (path: string, content?: string | Uint8Array) => string
  /** A file of so many bytes that takes no room on the disk. */
  readonly sparse: (path: string, bytes: number) => string
  readonly link: (path: string, target: string) => string
  /** Gives everything in it to its owner; what the test gave to others before must be given again. */
  readonly own: () => void
}

/** Makes a home in a folder and plants the tool in it. */
export function makeHostileHome(path: string): HostileHome {
  mkdirSync(path, { mode: 0o700 })
  const at = (name: string): string => {
    const full = join(path, name)
    mkdirSync(dirname(full), { recursive: true })
    return full
  }
  const home: HostileHome = {
    path,
    account: { name: basename(path), uid: String(owner), home: path, readable: true },
    folder(name) {
      mkdirSync(at(name), { recursive: true })
      return join(path, name)
    },
    file(name, content = '') {
      writeFileSync(at(name), content)
      return join(path, name)
    },
    sparse(name, bytes) {
      execFileSync('truncate', ['-s', String(bytes), at(name)])
      return join(path, name)
    },
    link(name, target) {
      symlinkSync(target, at(name))
      return join(path, name)
    },
    own: () => void execFileSync('chown', ['-Rh', `${owner}:${owner}`, path]),
  }
  plant(home)
  return home
}

const usedAt = Date.UTC(2026, 10, 1, 9, 30, 0)

function plant(home: HostileHome): void {
  const root = '.npm-global/lib/node_modules/@anthropic-ai/claude-code'
  for (const [path, content] of Object.entries(claudeInstalled('2.1.330', root))) home.file(path, content)
  const session = home.file('.claude/projects/-src/0a.jsonl', transcript(usedAt))
  utimesSync(session, usedAt / 1000, usedAt / 1000)
  home.own()
}

/** What is to be seen of the planted tool, whatever lies beside it. */
export const plantedTool = {
  tool: 'claude-code',
  state: 'used',
  strength: 'proven',
  version: '2.1.330',
  heldAt: [usedAt],
}

/** Long for any home; a scan that needs all of it says so in its gaps. */
export const budgetMs = 30_000

/** This machine with the home as its only one, and nothing running. */
export function hostWith(home: HostileHome): Host {
  return {
    ...linuxHost(),
    accounts: () => ({ accounts: [home.account], gaps: [] }),
    processes: () => ({ processes: [], gaps: [] }),
  }
}

export function scanOf(host: Host, memory = emptyMemory()): Promise<ScanResult> {
  const now = Date.now()
  return scan(host, tools, { memory, confirmUse: true, inventory: 'full', now, budgetMs, catalogue: 'test' })
}

/** The planted tool as a scan detected it; null when it did not. */
export function plantedIn(result: ScanResult, home: HostileHome): typeof plantedTool | null {
  const matcher = matcherOf(tools, 'linux')
  const detected = detect(result.observations.flatMap((one) => matcher.match(one, home.path)))
  const own = detected.find(({ tool, account }) => tool === plantedTool.tool && account === home.account.name)
  if (own === undefined) return null
  const { tool, state, strength, version, matches } = own
  const held = matches.flatMap(({ observation: o }) =>
    o.kind === 'trace' && o.path.endsWith('/-src/0a.jsonl') ? (o.facts?.heldAt ?? []) : [],
  )
  return { tool, state, strength, version: version ?? '', heldAt: [...new Set(held)] }
}

/** `collector reason ~/path` of each gap of the home's account. */
export function gapsIn(result: ScanResult, home: HostileHome): readonly string[] {
  return result.gaps
    .filter(({ account }) => account === home.account.name)
    .map(({ collector, reason, path }) => `${collector} ${reason} ${path.replace(home.path, '~')}`)
}

export function giveTo(path: string, uid: number): void {
  chownSync(path, uid, uid)
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

// Makes the catalogue's case observations whole: what a case does not care about gets a plain value.
// The result is checked strictly, so that a misspelt key in a case is an error and not a silent pass.
import { Observation } from '../../shared/observation.ts'
import { pathOf } from '../../shared/place.ts'
import type { ToolFile } from '../../shared/tool.ts'

export type ToolCase = ToolFile['cases']['match'][number]
export type CaseObservation = ToolCase['observations'][number]

const at = Date.parse('2026-11-22T12:00:00Z')
const bytes = 4096

/** The home that cases write absolute paths in: `/home/user`, or `/home/<account>`. */
export function caseHome(account: string | null): string | null {
  return account === null ? null : `/home/${account}`
}

/** The whole observation; account `user` unless the case names one (or null for the machine). */
export function completeCase(given: CaseObservation): Observation {
  const account =
    typeof given['account'] === 'string' || given['account'] === null ? given['account'] : 'user'
  const place = typeof given['place'] === 'string' ? given['place'] : null
  const path = place === null ? '/nowhere' : pathOf(place, caseHome(account) ?? '/')
  return Observation.parse({ account, at, ...defaultsOf(given.kind, path), ...given })
}

function defaultsOf(kind: Observation['kind'], path: string): Record<string, unknown> {
  switch (kind) {
    case 'process':
      return {
        pid: 4242,
        parentPid: 1,
        startedAt: at,
        name: 'node',
        executable: '/usr/bin/node',
        script: null,
        package: null,
        title: null,
        sets: [],
      }
    case 'command':
      return { path, target: path, bytes, format: 'elf', package: null }
    case 'package':
      return { version: null, path, scope: 'installed', installedAt: null }
    case 'app':
      return { name: null, version: null, path }
    case 'extension':
      return { version: null, path, status: 'installed' }
    case 'config':
      return { path, bytes, modifiedAt: at }
    case 'mcp-server':
      return { path, name: 'server', transport: 'stdio', program: null, package: null }
    case 'behaviour':
      return { path }
    case 'trace':
      return {
        path,
        bytes,
        modifiedAt: at,
        createdAt: at,
        session: null,
        facts: null,
        lastLookAt: null,
        grew: false,
      }
  }
}

// Which file `python -m module` runs: looked for where the interpreter itself would look, as far as that can be told from
// outside. Names no tool.
import type { Account } from '#shared/observation.ts'
import { moduleArgument } from '../parsers/interpreter-arguments.ts'
import type { Reach } from '../platform/files.ts'
import type { Process } from '../platform/host.ts'
import { packageFolders } from './python-owner.ts'

/**
 * Its path, null where it is the interpreter's own or cannot be told. A program is known under the name that it was started
 * by, which tells its environment, and under its real path, which tells its installation.
 */
export function moduleScript(
  process: Process,
  accounts: readonly Account[],
  reachFor: (file: string) => Reach,
): string | null {
  const module = moduleArgument(process.argv ?? [])
  if (module === null || process.executable === null) return null
  const path = module.replaceAll('.', '/')
  // The working folder comes first: a module there is somebody's source.
  const folders = [
    ...(process.cwd === null ? [] : [process.cwd]),
    ...prefixesOf(process, process.executable, accounts).flatMap((prefix) =>
      packageFolders(reachFor(`${prefix}/lib`), prefix),
    ),
  ]
  for (const folder of folders) {
    const reach = reachFor(`${folder}/${path}`)
    for (const file of [`${folder}/${path}/__main__.py`, `${folder}/${path}.py`]) {
      const info = reach.stat(file)
      if (info.ok && info.value.kind === 'file') return file
    }
  }
  return null
}

function prefixesOf(process: Process, executable: string, accounts: readonly Account[]): readonly string[] {
  const started = process.argv?.[0] ?? ''
  const own = accounts.find(({ uid }) => uid === process.uid)
  const found = [
    started.startsWith('/')
      ? prefixOf(started)
      : started.includes('/') && process.cwd !== null
        ? prefixOf(`${process.cwd}/${started}`)
        : null,
    own === undefined ? null : `${own.home}/.local`,
    prefixOf(executable),
    '/usr/local',
  ]
  return [...new Set(found.filter((prefix) => prefix !== null))]
}

/** `/x/venv` of `/x/venv/bin/python`. */
function prefixOf(program: string): string | null {
  return /^(.+)\/bin\/[^/]+$/.exec(program)?.[1] ?? null
}

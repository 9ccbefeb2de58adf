// Reads names and versions of Python distributions from the names of their metadata folders (PEP 376, 427, 503). Pure.

import { partedAt } from './plain-text.ts'

export interface PythonPackage {
  /** Normalised as PyPI does: lower case, `-` between words. */
  readonly name: string
  readonly version: string
}

/** `aider_chat-0.86.1.dist-info`, `.egg-info` or `-py3.11.egg-info`; null for any other folder. */
export function parseDistInfo(folder: string): PythonPackage | null {
  const match = /^([A-Za-z0-9][\w.]*)-(\d[\w.!+]*)(?:-py\d[\d.]*)?\.(?:dist|egg)-info$/.exec(folder)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { name: normalName(match[1]), version: match[2] }
}

export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
}

/** What a distribution put where, as far as it tells whose a script or a module is. */
export interface PythonFiles {
  /** Names in the environment's `bin`. */
  readonly scripts: readonly string[]
  /** Top-level modules and packages. */
  readonly modules: readonly string[]
}

/** Of the largest distributions: some 20,000 files. */
export const maxRecordBytes = 8 * 1024 * 1024

/** RECORD of a `.dist-info` (PEP 376, 627): lines of `path,hash,size`, paths from the folder that the metadata lies in. */
export function parsePythonRecord(bytes: Uint8Array): PythonFiles {
  const scripts = new Set<string>()
  const modules = new Set<string>()
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const path = line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.slice(0, commaOf(line))
    if (path.startsWith('../') || path.startsWith('/')) {
      const script = /\/bin\/([^/]+)$/.exec(path)?.[1]
      if (script !== undefined) scripts.add(script)
      continue
    }
    const module = moduleOf(path.slice(0, slashOf(path)))
    if (module !== null) modules.add(module)
  }
  return { scripts: [...scripts], modules: [...modules] }
}

/** The largest have some hundred commands. */
export const maxEntryPointsBytes = 256 * 1024

/** `entry_points.txt`: an INI file; the commands are the keys of two of its sections. */
export function parseEntryPoints(bytes: Uint8Array): readonly string[] {
  const scripts: string[] = []
  let section = ''
  for (const raw of new TextDecoder().decode(bytes).split('\n')) {
    const line = raw.trim()
    const end = line.startsWith('[') ? line.indexOf(']') : -1
    if (end > 0) section = line.slice(1, end).trim()
    const [name] = partedAt(line, '=') ?? []
    const isName = name !== undefined && /^[^#;[]/.test(name)
    if (isName && (section === 'console_scripts' || section === 'gui_scripts')) scripts.push(name)
  }
  return scripts
}

/** `top_level.txt`: one module a line. */
export function parseTopLevel(bytes: Uint8Array): readonly string[] {
  return new TextDecoder().decode(bytes).split(/\s+/).filter(Boolean)
}

/** The module's name of the first segment of a path; null for metadata, caches and other files. */
export function moduleOf(segment: string): string | null {
  if (/[-.](?:dist-info|egg-info|data)$|^__pycache__$|\.pth$/.test(segment)) return null
  return /^([A-Za-z_]\w*)(?:\.py|\.[\w-]*\.?so|\.so)?$/.exec(segment)?.[1] ?? null
}

function commaOf(line: string): number {
  const at = line.indexOf(',')
  return at === -1 ? line.length : at
}

function slashOf(path: string): number {
  const at = path.indexOf('/')
  return at === -1 ? path.length : at
}

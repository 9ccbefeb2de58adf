// Reads names and versions of Python distributions from the names of their metadata folders (PEP 376, 427, 503). Pure.

export interface PythonPackage {
  /** Normalised as PyPI does: lower case, `-` between words. */
  readonly name: string
  readonly version: string
}

/** `aider_chat-0.86.1.dist-info` or `.egg-info`; null for any other folder. */
export function parseDistInfo(folder: string): PythonPackage | null {
  const match = /^([A-Za-z0-9][\w.]*)-(\d[\w.!+]*)\.(?:dist|egg)-info$/.exec(folder)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { name: normalName(match[1]), version: match[2] }
}

export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
}

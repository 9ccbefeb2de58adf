// Which Go module a program was built from, told by the program itself. Names no tool.
import type { PackageRef } from '#shared/observation.ts'
import { goModuleOf } from '../parsers/go-build-info.ts'
import type { OpenFile, Reach } from '../platform/files.ts'

/** `file` is a real path. What cannot be read is a gap of whoever looks at the file itself. */
export function goOwner(reach: Reach, file: string): PackageRef | null {
  const module = reach.examined(file, examine)
  return module.ok && module.value !== null ? { manager: 'go', ...module.value, root: file } : null
}

function examine(file: OpenFile): ReturnType<typeof goModuleOf> {
  return goModuleOf((position, length) => file.readAt(position, length))
}

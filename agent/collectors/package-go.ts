// Programs of Go by the module that each names: in the places of Go's own, and where one was seen running or on a PATH.
import type { Account } from '#shared/observation.ts'
import type { FileInfo, Reach } from '../platform/files.ts'
import { accountReach } from '../platform/places.ts'
import { goOwner } from './go-owner.ts'
import type { PackageLook } from './package-look.ts'

export function lookAtGo(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  path: string,
  info: FileInfo,
): void {
  // What a link leads to from here is what its own place says.
  const module = info.executable && info.real === path ? goOwner(reach, path) : null
  if (module === null) return
  const { name, version } = module
  look.add({
    account: account?.name ?? null,
    manager: 'go',
    name,
    version,
    path,
    // At no version: built from a folder, by somebody here or by its maker.
    scope: version === null && account !== null ? 'project' : 'installed',
    installedAt: info.createdAt,
  })
}

/** A program that was seen elsewhere. False when it is gone or is another by now. */
export function lookAtRememberedGo(look: PackageLook, account: Account, path: string): boolean {
  if (look.observations.some((one) => one.manager === 'go' && one.path === path)) return true
  const module = goOwner(accountReach(look.context.host.files, account), path)
  if (module === null) return false
  const { name, version } = module
  look.add({
    account: account.name,
    manager: 'go',
    name,
    version,
    path,
    scope: 'installed',
    installedAt: null,
  })
  return true
}

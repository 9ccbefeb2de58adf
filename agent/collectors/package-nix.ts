// What profiles of Nix list as installed. Names no tool.
import type { Account } from '#shared/observation.ts'
import type { NixPackage } from '../parsers/nix-profile.ts'
import { maxProfileBytes, parseNixEnvManifest, parseNixProfile } from '../parsers/nix-profile.ts'
import type { Reach } from '../platform/files.ts'
import { fittingAt, type PackageLook } from './package-look.ts'
import { packagePlaces } from './package-places-of.ts'

/** `ofPlaces` leads into the store. Each profile counts once, under whatever name it was met first. */
export function lookAtNix(look: PackageLook, ofPlaces: Reach, account: Account | null): void {
  const who = account?.name ?? null
  const { systemNix, homeNix } = packagePlaces[look.context.host.os]
  for (const place of account === null ? systemNix : homeNix) {
    for (const { path, info, reach } of fittingAt(look, ofPlaces, account, place)) {
      if (info.kind !== 'folder' || look.counted.has(info.identity)) continue
      look.counted.add(info.identity)
      for (const { name, version } of listedIn(look, reach, who, path)) {
        look.add({
          account: who,
          manager: 'nix',
          name,
          version,
          path,
          scope: 'installed',
          // Everything in the store is as old as 1970.
          installedAt: null,
        })
      }
    }
  }
}

function listedIn(
  look: PackageLook,
  reach: Reach,
  who: string | null,
  profile: string,
): readonly NixPackage[] {
  const path = `${profile}/manifest.json`
  const listed = reach.parsed(path, maxProfileBytes, parseNixProfile)
  if (listed.ok) {
    if (listed.value === null) look.list.add(who, { reason: 'unparsable', path, detail: null })
    return listed.value ?? []
  }
  look.list.add(who, listed.gap)
  const older = reach.parsed(`${profile}/manifest.nix`, maxProfileBytes, parseNixEnvManifest)
  if (!older.ok) look.list.add(who, older.gap)
  return older.ok ? older.value : []
}

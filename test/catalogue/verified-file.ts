// Which packages of a tool are to be verified, and how what was seen goes into the tool's file. Pure; corrects nothing that
// turned out wrong: that is for people.
import type { Signals, ToolFile, Verified, VerifiedPackage } from '../../shared/tool.ts'

/** Builds for one system, which arrive as dependencies of the package that people install. */
const ofOneSystem = /(?:^|[-/])(?:linux|linuxmusl|darwin|win32|windows|freebsd|android)(?:-|$)/

/** The npm packages that are installed by name. */
export function namesToVerify({ signals }: Pick<ToolFile, 'signals'>): readonly string[] {
  return npmNames(signals).filter((name) => !ofOneSystem.test(name))
}

export function npmNames(signals: Signals): readonly string[] {
  return (signals.package ?? []).filter(({ manager }) => manager === 'npm').map(({ name }) => name)
}

/** What the registry says of one name now; null: it has none. */
export interface Offer {
  readonly version: string
  readonly deprecated: string | null
  /** The day on which that version came out; null where the registry does not tell. */
  readonly published: string | null
}

/** Whether a verification is still of what the registry offers. */
export function isCurrent(
  verified: Verified | undefined,
  offers: ReadonlyMap<string, Offer | null>,
): boolean {
  if (verified === undefined) return false
  const seen = new Map(verified.packages.map((one) => [one.name, one]))
  return [...offers].every(([name, offer]) => {
    const one = seen.get(name)
    if (one === undefined) return false
    return offer === null ? one.outcome === 'not-in-registry' : one.version === offer.version
  })
}

const whatArrived = 'what arrived (see `verified`)'

/** The file with what was seen: `verified` replaced, what was confirmed `observed`, and one reference that says so. */
export function withVerified(file: ToolFile, verified: Verified): ToolFile {
  const installed = verified.packages.filter(hasArrived)
  const kept = file.references.filter(({ shows }) => shows !== whatArrived)
  if (installed.length === 0) return { ...file, references: kept, verified }
  const names = new Set(installed.flatMap((one) => [one.name, ...(one.with ?? [])]))
  const commands = new Set(installed.flatMap((one) => Object.keys(one.commands ?? {})))
  const specs = installed.map(({ name, version }) => `${name} ${version ?? ''}`.trim())
  const isUsed = installed.some((one) => one.use === 'answered')
  const reference = {
    source: `observation: npm install of ${specs.join(' and ')}, --version${isUsed ? ' and an answered prompt' : ''}; ${verified.system}`,
    shows: whatArrived,
    checked: verified.on,
  }
  return {
    ...file,
    signals: confirmed(file.signals, names, commands),
    references: [...kept, reference],
    verified,
  }
}

function confirmed(signals: Signals, names: ReadonlySet<string>, commands: ReadonlySet<string>): Signals {
  const seen = <S extends { readonly basis: string }>(signal: S, isSeen: boolean): S =>
    isSeen ? { ...signal, basis: 'observed' } : signal
  return {
    ...signals,
    ...(signals.package === undefined
      ? {}
      : { package: signals.package.map((s) => seen(s, s.manager === 'npm' && names.has(s.name))) }),
    ...(signals.command === undefined
      ? {}
      : { command: signals.command.map((s) => seen(s, isOfLinux(s) && commands.has(s.name))) }),
  }
}

/** What a person should look at: commands that the catalogue has and no package brought, and the other way round. */
export interface Differences {
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

export function differencesOf(
  { signals }: Pick<ToolFile, 'signals'>,
  packages: readonly VerifiedPackage[],
): Differences {
  const installed = packages.filter(hasArrived)
  const arrived = new Set(installed.flatMap((one) => Object.keys(one.commands ?? {})))
  const known = (signals.command ?? []).filter(isOfLinux).map(({ name }) => name)
  return {
    // One that was not to be had may bring them.
    missing: installed.length < packages.length ? [] : known.filter((name) => !arrived.has(name)),
    extra: [...arrived].filter((name) => !known.includes(name)),
  }
}

/** Its files are there, whatever became of its install scripts. */
function hasArrived({ outcome }: VerifiedPackage): boolean {
  return outcome === 'installed' || outcome === 'without-scripts'
}

/** Whether a signal holds on this system. */
export function isOfLinux({ platforms }: { readonly platforms?: readonly string[] | undefined }): boolean {
  return platforms === undefined || platforms.includes('linux')
}

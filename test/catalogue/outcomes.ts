// What an ended npm or an ended command says of itself, as one of a few words that name nothing of this machine. Pure.
import type { StartOutcome } from '../../shared/tool.ts'
import type { FinishedCommand } from '../helpers/lab/commands.ts'

export type Ended = Pick<FinishedCommand, 'exitCode' | 'timedOut' | 'stdout' | 'stderr'>

const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|getaddrinfo|fetch failed|could not resolve host|couldn't resolve host|network is unreachable|network error|connection refused|no such host|name resolution|dns error|failed to (?:fetch|download)|unable to connect|connection error|error sending request|internet connection/i
const somethingMissing =
  /^\/usr\/bin\/env: .*No such file or directory|No module named|binary not (?:installed|found)|could not find the .* binary|command not found/im

/** How asking for the version ended. A command that ends well but says nothing did not answer. */
export function startOutcome(ended: Ended): StartOutcome {
  if (ended.timedOut) return 'timed-out'
  const said = `${ended.stdout}\n${ended.stderr}`
  if (ended.exitCode === 0 && said.trim() !== '') return 'answered'
  if (noNetwork.test(said)) return 'needs-network'
  return somethingMissing.test(said) ? 'needs-more' : 'failed'
}

/** The registry has no package of the name, or no version of it that may be had. */
export function isNotInRegistry(ended: Ended): boolean {
  return /\bE404\b|\b404 Not Found\b/.test(`${ended.stdout}\n${ended.stderr}`)
}

/** Whether npm itself got on, and only a package's own script did not: then it can be unpacked without. */
export function isScriptFailure(ended: Ended): boolean {
  return ended.timedOut || /npm (?:error|ERR!) command failed/.test(ended.stderr)
}

/** Why an installation failed, in words of ours: npm's own name paths and hosts. */
export function whyInstallFailed(ended: Ended, limitMinutes: number): string {
  if (ended.timedOut) return `not done after ${limitMinutes} minutes`
  const said = `${ended.stdout}\n${ended.stderr}`
  if (/npm (?:error|ERR!) command git\b/.test(said)) return 'a dependency is fetched with git, from elsewhere'
  if (/npm (?:error|ERR!) command failed/.test(said)) return scriptFailure(said)
  const code = /npm (?:error|ERR!) code (E[A-Z0-9]+)/.exec(said)?.[1]
  return code === undefined
    ? `npm ended with status ${ended.exitCode ?? 'none'}`
    : (codeWords[code] ?? `npm: ${code}`)
}

const codeWords: Readonly<Record<string, string>> = {
  E404: 'a package that it depends on is not in the registry',
  ETARGET: 'a version that it depends on is not in the registry',
  EBADPLATFORM: 'not for this system',
  EBADENGINE: 'not for this Node',
  EUNSUPPORTEDPROTOCOL: 'depends on a protocol that npm does not know',
  EEXIST: 'two of its packages bring the same command',
  ERESOLVE: 'its dependencies contradict each other',
  ENOSPC: 'no space left',
}

function scriptFailure(said: string): string {
  if (/node-gyp|gyp ERR|\bmake: \*\*\*/.test(said)) {
    return /network connectivity/.test(said) || noNetwork.test(said)
      ? 'its native part is compiled, with headers of Node from a host that was out of reach'
      : 'its native part did not compile'
  }
  if (/\bETARGET\b|\bE404\b/.test(said))
    return 'its install script needs a package that is not in the registry'
  if (noNetwork.test(said)) return 'its install script fetches from a host that was out of reach'
  const missing = /(?:sh: \d+: |sh: )?([a-z0-9._-]{1,40}): (?:command )?not found/i.exec(said)?.[1]
  if (missing !== undefined) return `its install script needs ${missing}`
  return 'its install script failed'
}

// Which agent this is. The version is what it tells, kept in step with package.json by a repository test.
export const agentVersion = '0.1.0'

/** Put in place by the bundler (installers/agent-bundle.ts). */
declare const cutoffSources: string | undefined

/** A digest of what the agent was built from; null in a checkout, where that changes from one moment to the next. */
export const agentBuild = typeof cutoffSources === 'undefined' ? null : cutoffSources

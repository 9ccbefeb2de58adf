// The running server: listens, works on jobs, and stops gracefully.
import { buildApp } from './app.ts'
import type { Context } from './context.ts'
import { rulesReader } from './judging/rulebook.ts'
import { startRunner } from './jobs/runner.ts'
import { refreshDevicePolicy } from './policy/activate.ts'
import { keyKinds } from './store/server-keys.ts'

/** The server cannot listen where it should, in one sentence that says what to do. */
export class ListenError extends Error {
  readonly code: 'port-taken' | 'listen-failed'
  constructor(code: ListenError['code'], message: string) {
    super(message)
    this.name = 'ListenError'
    this.code = code
  }
}

export interface RunningServer {
  /** Answers what is under way, then closes the store. */
  readonly stop: () => Promise<void>
}

/** Starts the server. Throws KeyError, or {@link ListenError}, having closed the store. */
export async function serve(context: Context): Promise<RunningServer> {
  const { config, keys, store } = context
  // Before it listens: without them it could take in reports and answer none.
  for (const kind of keyKinds) keys.require(kind)
  await refreshDevicePolicy(context)
  const { server } = await buildApp(context)
  try {
    await server.listen({ host: config.listen.host, port: config.listen.port })
  } catch (error) {
    await server.close()
    await store.close()
    throw explainListen(error, `${config.listen.host}:${config.listen.port}`)
  }
  const runner = startRunner(context, rulesReader())
  return {
    async stop() {
      await server.close()
      await runner.stop()
      await store.close()
    },
  }
}

function explainListen(error: unknown, address: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError(
        'port-taken',
        `Something else listens on ${address}: stop it, or name another address in CUTOFF_LISTEN.`,
      )
    case 'EACCES':
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        'listen-failed',
        `The server cannot listen on ${address} (${code}): name another address in CUTOFF_LISTEN.`,
      )
    default:
      return error
  }
}

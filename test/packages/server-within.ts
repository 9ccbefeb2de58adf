// A server that a container without network can reach: on its loopback, as a process of this machine.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '../helpers/repository.ts'
import type { Container } from './container.ts'

export const portWithin = 8740
const address = `127.0.0.1:${portWithin}`

export interface ServerWithin {
  /** The agent's settings, as YAML, but for the token's file. */
  readonly settings: string
  readonly token: string
  /** Why the agent of its one device ended, where that is the last that it heard; undefined before there is a device. */
  readonly left: () => string | null | undefined
  /** What it has noted, oldest first. */
  readonly events: () => readonly string[]
  /** From now on it takes connections and never answers. */
  readonly hang: () => void
  readonly close: () => Promise<void>
}

/** @param folder of its own, for what it keeps */
export async function startServerWithin(container: Container, folder: string): Promise<ServerWithin> {
  const env = { PATH: process.env['PATH'], CUTOFF_DATA: folder, CUTOFF_LISTEN: address, CUTOFF_LOG: 'warn' }
  const options = { cwd: repositoryRoot, env }
  const run = (...words: readonly string[]): string =>
    execFileSync(process.execPath, ['server/main.ts', ...words], { ...options, encoding: 'utf8' }).trim()
  const [enter = '', ...words] = container.inNetwork([process.execPath, 'server/main.ts', 'serve'])
  const server = spawn(enter, words, { ...options, stdio: 'inherit' })
  const listens = `bash -c ': < /dev/tcp/${address.replace(':', '/')}'`
  for (let tries = 0; container.sh(listens).status !== 0; tries++) {
    if (tries > 120) throw new Error('the server does not come up')
    await sleep(500)
  }
  const fingerprint = /organisation fingerprint\s+(.+)/.exec(run('keys'))?.[1] ?? ''
  const ask = (query: string): readonly Record<string, unknown>[] => {
    const database = new DatabaseSync(join(folder, 'cutoff.sqlite'), { readOnly: true })
    try {
      return database.prepare(query).all()
    } finally {
      database.close()
    }
  }
  return {
    settings: `server: http://${address}\norganisationKey: "${fingerprint}"\n`,
    token: run('enrol-token', '--once'),
    left() {
      const [device] = ask('select left_why from devices')
      return device === undefined ? undefined : (device['left_why'] as string | null)
    },
    events: () => ask('select summary from events order by id').map(({ summary }) => String(summary)),
    hang: () => void server.kill('SIGSTOP'),
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGCONT')
      server.kill('SIGTERM')
      await Promise.race([ended, sleep(10_000)])
      server.kill('SIGKILL')
    },
  }
}

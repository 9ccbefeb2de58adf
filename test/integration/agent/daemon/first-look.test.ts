// An agent that is told to wait before its first look: it is there, says so, has looked at nothing, and stops when asked.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))

test('the first look waits as long as the settings say', async () => {
  const folder = temporaryFolder()
  try {
    const daemon = spawn(process.execPath, [main, 'run'], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        CUTOFF_STATE: join(folder, 'state'),
        CUTOFF_SETTINGS: join(folder, 'none'),
        CUTOFF_FIRST_LOOK_AFTER_HOURS: '24',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = new Promise<number | null>((resolve) => daemon.once('close', resolve))
    const said = await new Promise<string>((resolve) =>
      daemon.stderr.once('data', (part: Buffer) => resolve(part.toString())),
    )
    expect(said).toMatch(/^The first look waits until \d{4}-/u)
    const state = openTestState(join(folder, 'state'), Date.now(), true)
    expect(state.read('daemon')).toMatchObject({ pid: daemon.pid, lastScanAt: null })
    expect(state.outbox.waiting()).toBe(0)
    state.close()
    daemon.kill('SIGTERM')
    expect(await ended).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

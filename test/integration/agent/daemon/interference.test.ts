// What is done to the agent by somebody with the rights for it shows on the server: the real agent, the real server.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EventRow, pageOf } from '#shared/api.ts'
import { startSystem, until, type Admin, type System } from '../../../helpers/system.ts'

const Events = pageOf(EventRow)
let system: System
let admin: Admin
beforeAll(async () => {
  system = await startSystem()
  system.applyPolicy({ rules: [] })
  admin = await system.signIn()
})
afterAll(() => system.close())

async function isShown(summary: string): Promise<boolean> {
  const { items } = await admin.get('/events?limit=200', Events)
  return items.some((event) => event.summary.startsWith(summary))
}

test('killing it, giving it other settings, removing its state', async () => {
  const first = system.startAgent()
  await until('the start to show', () => isShown('agent-started'))
  expect(await isShown('agent-killed')).toBe(false)
  const ended = once(first, 'exit')
  first.kill('SIGKILL')
  await ended
  const second = system.startAgent({ CUTOFF_SCAN_SECONDS: '3600' })
  await until('the kill to show', () => isShown('agent-killed'))
  await until('the change to show', () => isShown('agent-reconfigured detail=scanSeconds'))

  const over = once(second, 'exit')
  rmSync(system.stateFolder, { recursive: true })
  // What starts it again then starts a new device, or nothing without a token: the server sees either.
  expect((await over)[0]).toBe(1)
  expect(system.output()).toContain('[state-gone]')
})

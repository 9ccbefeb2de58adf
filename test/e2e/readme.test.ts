// Every command that the README tells a reader to type is typed here, in the project's own folder.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stateFolder = mkdtempSync(join(tmpdir(), 'cutoff-readme-'))
afterAll(() => rmSync(stateFolder, { recursive: true, force: true }))

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((block) =>
  (block[1] ?? '').trim().split('\n'),
)

/** Those that are the subject of a whole test of their own. */
const elsewhere = (command: string): boolean => /^npm (start|test)\b|^npm run bench:/.test(command)

test('there are commands to try', () => {
  expect(commands).toEqual(
    expect.arrayContaining(['npm start', 'npm test', 'npm run -s agent -- scan --json']),
  )
})

describe('the README’s commands do what they say', () => {
  test.each(commands.filter((command) => !elsewhere(command)))('%s', async (command) => {
    const [program = '', ...args] = command.split(' ')
    const env = { ...process.env, CUTOFF_STATE: join(stateFolder, 'agent') }
    // The machine's own npm, as a reader would use it: it finds the pinned Node by itself.
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: root,
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    expect(stdout.trim()).not.toBe('')
    const document: unknown = command.includes('--json') ? JSON.parse(stdout) : { coverage: [] }
    expect(document).toHaveProperty('coverage')
  })
})

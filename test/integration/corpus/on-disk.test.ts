import { linkSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostOnDisk } from '../../corpus/disk.ts'
import { machineOf, machineWith } from '../../corpus/machine.ts'
import { outcomeOf } from '../../corpus/pipeline.ts'
import { subjects } from '../../corpus/subjects.ts'

const isRoot = process.getuid?.() === 0
let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cutoff-corpus-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.runIf(isRoot)('on a real disk the same is seen as in memory', () => {
  const seeds = Array.from({ length: 120 }, (_, index) => 1 + index)

  test.each([seeds.slice(0, 40), seeds.slice(40, 80), seeds.slice(80)])(
    'machines %d and those after it',
    async (...group) => {
      for (const seed of group) {
        const folder = join(root, String(seed))
        const inMemory = await outcomeOf(machineOf(seed))
        const machine = machineOf(seed)
        const onDisk = await outcomeOf(machine, hostOnDisk(machine.draft, folder))

        // No verdicts: when a file was born cannot be set on a disk.
        const said = ({ detected }: typeof inMemory) =>
          detected.map((d) => [seed, d.tool, d.account, d.state, d.running, d.strength, d.version])
        expect(said(onDisk)).toEqual(said(inMemory))
        rmSync(folder, { recursive: true })
      }
    },
  )

  test('a program and its hard link in the package are one installation', async () => {
    const subject = subjects.find(({ tool, surface }) => tool === 'claude-code' && surface === 'nvm')
    const machine = machineWith(subject ?? neverHere(), 'installed')
    const host = hostOnDisk(machine.draft, root)
    const folder = `${root}/home/ann/.nvm/versions/node/v26.10.0/lib/node_modules/@anthropic-ai/claude-code`
    rmSync(`${folder}/bin/claude.exe`)
    linkSync(`${folder}/node_modules/@anthropic-ai/claude-code-linux-x64/claude`, `${folder}/bin/claude.exe`)

    const { detected } = await outcomeOf(machine, host)

    expect(detected.map(({ tool, account, state }) => [tool, account, state])).toEqual([
      ['claude-code', 'ann', 'installed'],
    ])
  })
})

function neverHere(): never {
  throw new Error('the corpus has no such subject')
}

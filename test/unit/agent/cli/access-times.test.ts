import { describe, expect, test } from 'vitest'
import { accessesOf } from '../../../../agent/cli/access-times.ts'
import type { FakeNode } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { detectedIn } from '../../../helpers/observations.ts'

const hour = 3_600_000
const target = '/home/ann/bin/ll'
const cameAt = aNow - 240 * hour

function copyOfClaude() {
  const [detected] = detectedIn([
    {
      kind: 'command',
      account: 'ann',
      at: aNow,
      name: 'll',
      path: target,
      target,
      bytes: 1,
      format: 'elf',
      package: null,
      build: 'claude',
    },
  ])
  if (detected === undefined) throw new Error('nothing detected')
  return detected
}

/** What is said of one program of Ann's, looked at by root unless another is named. */
function accessOf(node: Partial<Exclude<FakeNode, string | Uint8Array>>, options: string, uid = 0) {
  const file = { content: 'x', mode: 0o755, createdAt: cameAt, modifiedAt: cameAt, ...node }
  const host = fakeHost({ files: { [target]: file }, mounts: [`/ ext4 ${options}`] })
  host.files.refresh()
  const { accounts } = host.accounts()
  return accessesOf(host.files, accounts, copyOfClaude(), uid)
}

describe('when a program was last read', () => {
  const read = aNow - 5 * hour
  test.each([
    ['every read is kept', { accessedAt: read }, 'rw', 0, { readAt: read, keeps: 'always' }],
    ['once a day', { accessedAt: read }, 'rw,relatime', 0, { readAt: read, keeps: 'daily' }],
    [
      'not kept, whatever stands there',
      { accessedAt: read },
      'rw,noatime',
      0,
      { readAt: null, keeps: 'never' },
    ],
    ['not since it was written', { accessedAt: cameAt + 1_000 }, 'rw', 0, { readAt: null, keeps: 'always' }],
    [
      'long before it came there, as an archive has it',
      { accessedAt: cameAt - 9_000 * hour },
      'rw',
      0,
      { readAt: null, keeps: 'always' },
    ],
    [
      'by its owner, who leaves no trace',
      { accessedAt: read },
      'rw',
      1000,
      { readAt: read, keeps: 'always' },
    ],
  ] as const)('%s', (_, node, options, uid, expected) => {
    expect(accessOf(node, options, uid)).toEqual([{ path: target, perhapsByThisLook: false, ...expected }])
  })

  test('by somebody else, who may have left the trace', () => {
    expect(accessOf({ accessedAt: read }, 'rw', 1001)).toMatchObject([
      { readAt: read, perhapsByThisLook: true },
    ])
  })
})

test('what is gone by now has none', () => {
  const host = fakeHost()
  host.files.refresh()
  expect(accessesOf(host.files, host.accounts().accounts, copyOfClaude(), 0)).toEqual([])
})

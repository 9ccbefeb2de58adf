// Where the agent keeps what is its own: nobody else may have chosen the place, or may write there.
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOwnFolder, readSecretFile } from '../../../../agent/platform/own-folder.ts'

const stranger = 61_874
const asRoot = process.getuid?.() === 0
let base: string
let path: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'cutoff-own-'))
  path = join(base, 'place')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

function codeOf(answer: { readonly ok: boolean; readonly code?: string }): string | null {
  return answer.ok ? null : (answer.code ?? null)
}

describe('a state folder', () => {
  const folder = (mode: number) => () => {
    mkdirSync(path)
    chmodSync(path, mode)
  }
  const link = () => {
    mkdirSync(join(base, 'elsewhere'), { mode: 0o700 })
    symlinkSync(join(base, 'elsewhere'), path)
  }
  test.each([
    ['of its own is taken', folder(0o700), null],
    ['that others can list is taken: its files are closed', folder(0o755), null],
    ['that its group can write is refused', folder(0o770), 'OPEN'],
    ['that everybody can write is refused', folder(0o1777), 'OPEN'],
    ['that the administrator has moved by a link is taken', link, null],
  ])('%s', (_, make, expected) => {
    make()
    expect(codeOf(openOwnFolder(path))).toBe(expected)
  })

  test.runIf(asRoot).each([
    ['of another account is refused', folder(0o700), (at: string) => chownSync(at, stranger, stranger)],
    [
      'that another account’s link leads to is refused',
      link,
      (at: string) => lchownSync(at, stranger, stranger),
    ],
  ])('%s', (_, make, owner) => {
    make()
    owner(path)
    expect(codeOf(openOwnFolder(path))).toBe('FOREIGN')
    // Who only looks, as root does with the service's state, keeps nothing there.
    expect(codeOf(openOwnFolder(path, { create: false }))).toBeNull()
  })
})

describe('a file with a secret', () => {
  const file = (mode: number) => () => {
    writeFileSync(path, 'token')
    chmodSync(path, mode)
  }
  test.each([
    ['for its owner alone is read', 0o600, null],
    ['that its group can read is refused', 0o640, 'OPEN'],
    ['that everybody can read is refused', 0o604, 'OPEN'],
    ['that others can write is refused', 0o602, 'OPEN'],
  ])('%s', (_, mode, expected) => {
    file(mode)()
    expect(codeOf(readSecretFile(path, 100))).toBe(expected)
  })

  test('is a file, and no larger than any secret', () => {
    mkdirSync(path)
    expect(codeOf(readSecretFile(path, 100))).toBe('EINVAL')
    rmSync(path, { recursive: true })
    file(0o600)()
    expect(codeOf(readSecretFile(path, 4))).toBe('EFBIG')
  })

  test.runIf(asRoot)('of another account is refused', () => {
    file(0o600)()
    chownSync(path, stranger, stranger)
    expect(codeOf(readSecretFile(path, 100))).toBe('FOREIGN')
  })
})

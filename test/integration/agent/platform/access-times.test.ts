// Reading leaves no access time behind, where the system lets it: on a mount that keeps each one. Needs root, to mount.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linuxHost } from '../../../../agent/platform/linux.ts'
import { accountReach } from '../../../../agent/platform/places.ts'

const isRoot = process.getuid?.() === 0
const longAgo = new Date('2026-01-02T03:04:05Z')
const account = { name: 'ann', uid: '54321', home: '', readable: true }
let folder = ''

function mount(options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.runIf(isRoot)('on a mount that keeps every access', () => {
  let mounted = false

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cutoff-access-'))
    mounted = mount('strictatime,size=1m')
    mkdirSync(join(folder, 'ann'))
    writeFileSync(join(folder, 'ann/program'), 'a program of somebody’s')
    for (const path of ['ann', 'ann/program']) {
      chownSync(join(folder, path), 54321, 54321)
      chmodSync(join(folder, path), 0o700)
      utimesSync(join(folder, path), longAgo, longAgo)
    }
  })

  afterAll(() => {
    if (mounted) execFileSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  })

  test('reading a file of another account changes nothing of it', ({ skip }) => {
    if (!mounted) skip('this machine does not let root mount')
    const { files } = linuxHost()
    files.refresh()
    const reach = accountReach(files, { ...account, home: join(folder, 'ann') })
    const path = join(folder, 'ann/program')
    const before = statSync(path)

    const read = reach.read(path, 1_000)
    const peeked = reach.peeked(path, 8, (bytes) => bytes.length)
    const examined = reach.examined(path, (file) => file.readAt(0, 4).length)

    expect([read.ok, peeked.ok, examined.ok]).toEqual([true, true, true])
    expect(files.accessTimes(path)).toBe('always')
    const after = statSync(path)
    expect(after.atimeMs).toBe(longAgo.getTime())
    expect([after.mtimeMs, after.ctimeMs]).toEqual([before.mtimeMs, before.ctimeMs])
    const info = reach.stat(path)
    expect(info.ok && info.value.accessedAt).toBe(longAgo.getTime())
  })

  test('the mount would have kept it: another reader shows', ({ skip }) => {
    if (!mounted) skip('this machine does not let root mount')
    const path = join(folder, 'ann/program')
    execFileSync('cat', [path])
    expect(statSync(path).atimeMs).toBeGreaterThan(longAgo.getTime())
  })
})

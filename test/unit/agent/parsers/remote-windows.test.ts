import { expect, test } from 'vitest'
import { parseRemoteWindows } from '../../../../agent/parsers/remote-windows.ts'

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

test.each<[string, unknown, string[]]>([
  [
    'a window on a server',
    { windowsState: { lastActiveWindow: { folder: 'vscode-remote://ssh-remote%2Bsecret-host/home/ann/x' } } },
    ['ssh-remote'],
  ],
  [
    'several kinds, each once',
    {
      windowsState: {
        openedWindows: [{ remoteAuthority: 'dev-container+7b22' }, { remoteAuthority: 'wsl+Ubuntu' }],
      },
      backupWorkspaces: { folders: [{ folderUri: 'vscode-remote://dev-container%2B7b22/x' }] },
    },
    ['dev-container', 'wsl'],
  ],
  ['a kind that is not known', { windowsState: { remoteAuthority: 'my-company+x' } }, ['other']],
  ['a window long closed', { profileAssociations: { 'vscode-remote://ssh-remote%2Bx/y': 'p' } }, []],
  [
    'a folder of this machine',
    { windowsState: { lastActiveWindow: { folder: 'file:///home/ann/a+b' } } },
    [],
  ],
  ['a list', [1], []],
])('%s', (_title, value, expected) => {
  expect(parseRemoteWindows(json(value))).toEqual(expected)
})

test('no JSON', () => {
  expect(parseRemoteWindows(Buffer.from('{'))).toEqual([])
})

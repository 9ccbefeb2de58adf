import { describe, expect, test } from 'vitest'
import {
  believedEnvironment,
  fitsNothing,
  readSettings,
  shown,
  type SettingLayer,
} from '../../../agent/settings.ts'

const ann = { root: false, home: '/home/ann', windows: false }
const root = { root: true, home: '/root', windows: false }
const server = 'https://cutoff.example.com'

const file = (values: Record<string, string>): SettingLayer => ({
  layer: 'file',
  source: '/etc/cutoff/settings.yaml',
  values,
})
const managed = (values: Record<string, string>): SettingLayer => ({
  layer: 'managed',
  source: '/etc/cutoff/conf.d/10-fleet.yaml',
  values,
})
const read = (env: Record<string, string>, ...administrator: SettingLayer[]) =>
  readSettings({ env, runner: ann, administrator })

describe('the state lies', () => {
  test.each([
    ['where it was said', { CUTOFF_STATE: '/x' }, ann, '/x'],
    ['with the machine for root', {}, root, '/var/lib/cutoff'],
    ['in the account’s own place for anyone else', {}, ann, '/home/ann/.local/state/cutoff'],
    ['where the desktop’s convention says', { XDG_STATE_HOME: '/s' }, ann, '/s/cutoff'],
    [
      'in the machine’s folder on Windows, whatever the environment calls so',
      { ProgramData: 'C:\\mine' },
      { ...root, windows: true, machineData: 'C:\\PD' },
      'C:\\PD\\Cutoff',
    ],
  ])('%s', (_, env, runner, folder) => {
    expect(readSettings({ env, runner }).settings.stateFolder).toBe(folder)
  })
})

test.each([
  ['of the machine', {}, '/var/lib/cutoff-accounts'],
  ['beside a state that was placed', { CUTOFF_STATE: '/x' }, '/x-accounts'],
  ['where it was said', { CUTOFF_STATE: '/x', CUTOFF_ACCOUNTS: '/y' }, '/y'],
])('the accounts’ copies lie %s', (_, env, folder) => {
  expect(read(env).settings.accountsFolder).toBe(folder)
})

test('on Windows copies lie beside a state that was placed, wherever somebody sets their folder, who is told', () => {
  const windows = { ...root, windows: true, machineData: 'C:\\PD' }
  const given = file({ accountsFolder: 'C:\\x' })
  const { settings, problems } = readSettings({ env: {}, runner: windows, administrator: [given] })
  expect(settings.accountsFolder).toBe(null)
  const placed = readSettings({ env: {}, runner: windows, stateFolder: 'C:\\PD\\Cutoff\\State' })
  expect(placed.settings.accountsFolder).toBe('C:\\PD\\Cutoff\\State-accounts')
  expect(problems.map(({ code, setting }) => [code, setting])).toEqual([
    ['setting-unknown', 'accountsFolder'],
  ])
})

test.each([
  ['anyone on Linux', root, true],
  ['an account on Windows', { ...ann, windows: true }, true],
  ['an administrator on Windows', { ...root, windows: true }, false],
])('variables are believed of %s: %s', (_, runner, believed) => {
  const given = { Path: 'C:\\x', CUTOFF_STATE: 'C:\\mine', Cutoff_Server: server, CUTOFF_SETTINGS: '' }
  const { env, passedOver } = believedEnvironment(given, runner)
  expect(env).toEqual(believed ? given : { Path: 'C:\\x' })
  expect(passedOver).toEqual(believed ? [] : ['CUTOFF_STATE'])
})

test('an empty variable counts as not set', () => {
  expect(read({ CUTOFF_SCAN_SECONDS: '' }).settings.scanSeconds).toBe(3600)
})

describe('of several values', () => {
  test.each([
    ['the file’s goes before the default', {}, [file({ scanSeconds: '60' })], 60, 'file'],
    [
      'the managed one’s before the file’s',
      {},
      [file({ scanSeconds: '60' }), managed({ scanSeconds: '70' })],
      70,
      'managed',
    ],
    [
      'the last managed one’s before others',
      {},
      [managed({ scanSeconds: '60' }), managed({ scanSeconds: '70' })],
      70,
      'managed',
    ],
    [
      'the environment’s before all',
      { CUTOFF_SCAN_SECONDS: '80' },
      [managed({ scanSeconds: '70' })],
      80,
      'environment',
    ],
  ])('%s', (_, env: Record<string, string>, layers, value, layer) => {
    const { settings, origins, problems } = read(env, ...layers)
    expect(settings.scanSeconds).toBe(value)
    expect(origins.scanSeconds.layer).toBe(layer)
    expect(problems).toEqual([])
  })

  test('an option goes before all', () => {
    const { settings, origins } = readSettings({
      env: { CUTOFF_STATE: '/x' },
      runner: ann,
      stateFolder: '/y',
    })
    expect(settings.stateFolder).toBe('/y')
    expect(origins.stateFolder).toEqual({ layer: 'option', source: '--state' })
  })
})

test('what is the managed side’s alone is not changed by the environment, and that is said', () => {
  const { settings, origins, problems } = read(
    { CUTOFF_SERVER: 'https://elsewhere.example' },
    managed({ server }),
  )
  expect(settings.server).toBe(server)
  expect(origins.server).toEqual({ layer: 'managed', source: '/etc/cutoff/conf.d/10-fleet.yaml' })
  expect(problems).toEqual([
    {
      code: 'setting-overruled',
      setting: 'server',
      source: 'CUTOFF_SERVER',
      message:
        'CUTOFF_SERVER is passed over: /etc/cutoff/conf.d/10-fleet.yaml says `server`, which nothing but the managed side changes.',
    },
  ])
})

test('the environment may say it where the managed side does not, as in development', () => {
  expect(read({ CUTOFF_SERVER: server }).settings.server).toBe(server)
})

describe('a wrong value is named with its source, and the default is used', () => {
  test.each([
    [
      'in the environment',
      { CUTOFF_SCAN_SECONDS: '5' },
      [],
      '`scanSeconds` is "5" in CUTOFF_SCAN_SECONDS: it must be a whole number of seconds from 60 to 86400. The default, 3600, is used.',
    ],
    [
      'in a file, though another is right',
      {},
      [file({ scanSeconds: '60' }), managed({ scanSeconds: 'soon' })],
      '`scanSeconds` is "soon" in /etc/cutoff/conf.d/10-fleet.yaml: it must be a whole number of seconds from 60 to 86400. The default, 3600, is used.',
    ],
    [
      'an address that is not safe',
      { CUTOFF_SERVER: 'http://cutoff.example.com' },
      [],
      '`server` is "http://cutoff.example.com" in CUTOFF_SERVER: it must be an address that begins with https://, without a name, query or fragment in it. It counts as not set.',
    ],
    [
      'a path of a file that depends on where the agent is started',
      {},
      [managed({ stateFolder: 'state' })],
      '`stateFolder` is "state" in /etc/cutoff/conf.d/10-fleet.yaml: it must be a path from the root on. It counts as not set.',
    ],
    [
      'a proxy that Node’s agent would throw at',
      { CUTOFF_PROXY: 'http://u:100%@p' },
      [],
      '`proxy` is "http://…@p" in CUTOFF_PROXY: it must be an address with its name and password percent-encoded. It counts as not set.',
    ],
  ])('%s', (_, env: Record<string, string>, layers: SettingLayer[], message) => {
    const { settings, problems } = read(env, ...layers)
    expect(settings).toEqual(read({}).settings)
    expect(problems.map((problem) => problem.message)).toEqual([message])
  })
})

test('a wrong pin lets no connection through rather than any', () => {
  const { settings, problems } = read({}, managed({ certificatePin: 'sha256/x' }))
  expect(settings.certificatePin).toBe(fitsNothing)
  expect(problems[0]?.message).toContain('No server is believed until it is right.')
})

test('an unknown name is named with the nearest known one', () => {
  expect(
    read({}, managed({ scanSecond: '60', zzzzzzzz: '1' })).problems.map(({ message }) => message),
  ).toEqual([
    '`scanSecond` in /etc/cutoff/conf.d/10-fleet.yaml is no setting; did you mean `scanSeconds`? It is passed over.',
    '`zzzzzzzz` in /etc/cutoff/conf.d/10-fleet.yaml is no setting. It is passed over.',
  ])
})

test.each([
  'http://ann:secret@proxy.example:3128',
  'http://ann:s@e/secret@proxy.example:3128',
  'http://ann:\nsecret@proxy.example:3128',
])('a password in %j is not shown', (text) => {
  expect(shown(text)).toBe('http://…@proxy.example:3128')
})

test('nor one in what is no address', () => {
  expect(shown('ann:secret@proxy.example:3128')).toBe('…@proxy.example:3128')
})

// The server's settings: defaults, what they become, and one clear sentence for each mistake.
import { describe, expect, test } from 'vitest'
import { Environment, readConfig } from '../../../server/config.ts'

test('nothing set means a server for this machine alone', () => {
  expect(readConfig({})).toEqual({
    ok: true,
    config: {
      dataFolder: '.cutoff',
      databasePath: '.cutoff/cutoff.sqlite',
      listen: { host: '127.0.0.1', port: 8740 },
      publicUrl: 'http://127.0.0.1:8740',
      authority: '127.0.0.1:8740',
      webFolder: 'dist/web',
      checkInSeconds: 900,
      stageMs: 30 * 60_000,
      trustedProxies: 0,
      logLevel: 'info',
    },
  })
})

test('an empty variable means unset', () => {
  expect(readConfig({ CUTOFF_LISTEN: '', CUTOFF_PUBLIC_URL: '' })).toMatchObject({ ok: true })
})

describe('addresses', () => {
  test.each([
    [{ CUTOFF_LISTEN: '[::1]:9000' }, { listen: { host: '::1', port: 9000 }, authority: '[::1]:9000' }],
    [
      { CUTOFF_PUBLIC_URL: 'https://Cutoff.example.com' },
      { publicUrl: 'https://cutoff.example.com', authority: 'cutoff.example.com' },
    ],
    [
      { CUTOFF_LISTEN: '0.0.0.0:80', CUTOFF_PUBLIC_URL: 'https://cutoff.example.com:8443/' },
      { listen: { host: '0.0.0.0', port: 80 }, authority: 'cutoff.example.com:8443' },
    ],
  ])('%o', (env, expected) => {
    const read = readConfig(env)
    expect(read.ok && read.config).toMatchObject(expected)
  })
})

test.each([
  [
    { CUTOFF_LISTEN: '8740' },
    /^CUTOFF_LISTEN is "8740": it must be host and port, such as 127.0.0.1:8740\.$/,
  ],
  [
    { CUTOFF_LISTEN: 'localhost:70000' },
    /^CUTOFF_LISTEN is "localhost:70000": it must be a port up to 65535\.$/,
  ],
  [{ CUTOFF_LISTEN: '0.0.0.0:8740' }, /^CUTOFF_PUBLIC_URL is not set/],
  [
    { CUTOFF_PUBLIC_URL: 'cutoff.example.com' },
    /^CUTOFF_PUBLIC_URL is "cutoff.example.com": it must be a URL/,
  ],
  [{ CUTOFF_PUBLIC_URL: 'ftp://cutoff.example.com' }, /it must be a URL/],
  [{ CUTOFF_PUBLIC_URL: 'https://example.com/cutoff' }, /it must be scheme, host and port only/],
  [
    { CUTOFF_DATABASE_URL: 'postgres://db/cutoff' },
    /^CUTOFF_DATABASE_URL is "postgres:.*": it must be sqlite:PATH/,
  ],
  [
    { CUTOFF_CHECK_IN_SECONDS: 'often' },
    /^CUTOFF_CHECK_IN_SECONDS is "often": it must be a number of seconds/,
  ],
  [{ CUTOFF_LOG: 'loud' }, /^CUTOFF_LOG is "loud"/],
])('%o is refused in one sentence', (env, message) => {
  const read = readConfig(env)
  const text = read.ok ? '' : read.message
  expect(text).toMatch(message)
  expect(text.split('\n')).toHaveLength(1)
})

test('every variable says what it is for', () => {
  const silent = Object.entries(Environment.shape).filter(([, schema]) => !schema.description)
  expect(silent).toEqual([])
})

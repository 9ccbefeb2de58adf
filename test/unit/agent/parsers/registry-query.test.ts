import { expect, test } from 'vitest'
import { parseRegistryQuery } from '../../../../agent/parsers/registry-query.ts'

const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Cutoff'
const printed = [
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Cutoff',
  '    (Default)    REG_SZ    (value not set)',
  '    Server    REG_SZ    https://cutoff.example.com',
  '    tokenFile    REG_EXPAND_SZ    C:\\Program Files\\Cutoff\\enrol token',
  '    scanSeconds    REG_DWORD    0x1c20',
  '    noProxy    REG_SZ    ',
  '    proxy    REG_MULTI_SZ    a\\0b',
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Cutoff\\Other',
  '    server    REG_SZ    https://inner.example',
  '',
].join('\r\n')

test('text and numbers of the key are values, the rest is named, keys below it are passed over', () => {
  expect(parseRegistryQuery(printed, key)).toEqual({
    values: {
      Server: 'https://cutoff.example.com',
      tokenFile: 'C:\\Program Files\\Cutoff\\enrol token',
      scanSeconds: '7200',
      noProxy: '',
    },
    passedOver: ['proxy'],
  })
})

test.each(['', 'ERROR: The system was unable to find the specified registry key or value.'])(
  '%j says nothing',
  (text) => expect(parseRegistryQuery(text, key)).toEqual({ values: {}, passedOver: [] }),
)

import { expect, test } from 'vitest'
import { mayReadAll } from '../../../../agent/platform/rights.ts'

test.each([
  ['a person’s process', '0000000000000000', false],
  ['the service: CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE', '0000000000080004', true],
  ['CAP_DAC_OVERRIDE, as containers leave it to root', '0000000000000002', true],
  ['CAP_SYS_PTRACE alone opens no file', '0000000000080000', false],
  ['root', '000001ffffffffff', true],
])('%s: CapEff %s', (_, capabilities, expected) => {
  const status = `Name:\tnode\nCapPrm:\t0000000000000006\nCapEff:\t${capabilities}\nCapBnd:\t000001ffffffffff\n`
  expect(mayReadAll(status)).toBe(expected)
})

test('where the system does not say, it may not', () => {
  expect(mayReadAll('')).toBe(false)
})

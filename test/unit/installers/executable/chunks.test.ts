// Chunks in ASCII alone.
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { asciiOnly } from '../../../../installers/executable/chunks.ts'

test.each([
  ["'one’s own'", 'one’s own'],
  ['`${1}\u2028…`', '1\u2028…'],
  ["'中文 🙂'", '中文 🙂'],
  ["'😀'.replace(/[😀]/u, 'é')", 'é'],
])('%s means the same afterwards', (code, value) => {
  const ascii = asciiOnly(code)
  expect(ascii).toMatch(/^[\0-\x7f]*$/)
  expect(runInNewContext(ascii)).toBe(value)
})

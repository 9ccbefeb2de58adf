import { expect, test } from 'vitest'
import { parseDpkgStatus } from '../../../../agent/parsers/dpkg-status.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('dpkg: what is installed, not what is left of it', () => {
  const status = `Package: adduser
Status: install ok installed
Priority: important
Version: 3.134
Description: add and remove users
 Version: not this one

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: odd
Status: install ok installed
`
  expect(parseDpkgStatus(bytes(status))).toEqual([{ name: 'adduser', version: '3.134' }])
  expect(parseDpkgStatus(bytes(''))).toEqual([])
})

import { expect, test } from 'vitest'
import { parseDsclUsers } from '../../../../agent/parsers/dscl-users.ts'

// Hand-written after dscl(1) and what public projects parse; no capture with these three attributes was found.
test('accounts: several names, a home with a space, and records without one', () => {
  const text = `NFSHomeDirectory: /var/empty
RecordName: _amavisd amavisd
UniqueID: 83
-
NFSHomeDirectory:
 /Users/ann smith
RecordName:
 ann
 ann.smith@example.com
UniqueID: 501
-
RecordName: nobody
UniqueID: -2
-
RecordName: broken
`
  expect(parseDsclUsers(text)).toEqual([
    { name: '_amavisd', uid: 83, home: '/var/empty' },
    { name: 'ann', uid: 501, home: '/Users/ann smith' },
    { name: 'nobody', uid: -2, home: null },
  ])
})

import { describe, expect, test } from 'vitest'
import { parsePasswd, parseUidRange } from '../../../../agent/parsers/passwd.ts'

describe('passwd', () => {
  test('entries in order, lines that are none left out', () => {
    expect(
      parsePasswd('root:x:0:0:root:/root:/bin/bash\n+::::::\nann:x:1000:1000:Ann,,,:/home/ann:\n\n'),
    ).toEqual([
      { name: 'root', uid: 0, home: '/root', shell: '/bin/bash' },
      { name: 'ann', uid: 1000, home: '/home/ann', shell: '' },
    ])
  })

  test('the range of uids has the usual values where nothing is said', () => {
    expect(parseUidRange('#UID_MIN 5\nUMASK 022\n')).toEqual({ min: 1000, max: 60_000 })
    expect(parseUidRange('UID_MIN  500\nUID_MAX 70000 # many\n')).toEqual({ min: 500, max: 70_000 })
  })
})

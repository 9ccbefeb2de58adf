import { describe, expect, test } from 'vitest'
import { packageOf } from '../../../../agent/collectors/package-root.ts'
import { accountReach } from '../../../../agent/platform/places.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'

const venv = '/home/ann/src/app/.venv'
const site = `${venv}/lib/python3.12/site-packages`
const files: FakeTree = {
  [`${venv}/bin/tool`]: '#!/x',
  [`${venv}/bin/python`]: { link: '/usr/bin/python3.12' },
  [`${venv}/bin/old`]: '#!/x',
  [`${venv}/bin/activate`]: '',
  [`${site}/a_tool-1.2.dist-info/RECORD`]: '../../../bin/tool,sha256=x,1\na/__init__.py,,\nshared/a.py,,\n',
  [`${site}/other-3.dist-info/RECORD`]: 'other/__init__.py,,\nshared/b.py,,\n',
  [`${site}/old-0.1.egg-info/entry_points.txt`]: '[console_scripts]\nold = old:main\n',
  [`${site}/old-0.1.egg-info/top_level.txt`]: 'old\n',
  [`${site}/a/bin/native`]: 'ELF',
  [`${site}/shared/a.py`]: '',
  [`${site}/old/__main__.py`]: '',
  '/home/ann/.local/bin/mine': '#!/x',
  '/home/ann/.local/lib/python3.11/site-packages/mine-2.dist-info/RECORD': '../../../bin/mine,,\n',
  '/usr/local/bin/all': '#!/x',
  '/usr/local/lib/python3.11/dist-packages/all-4.dist-info/RECORD': '../../../bin/all,,\n',
  '/home/ann/broken/bin/x': '#!/x',
  '/home/ann/broken/lib/python3.11/site-packages/x-1.dist-info/RECORD': { bytes: 1e9 },
}

function setUp() {
  const host = fakeHost({ files })
  const account = host.accounts().accounts.find(({ name }) => name === 'ann')
  if (account === undefined) throw new Error('ann is in the usual passwd')
  return { host, owner: (file: string) => packageOf(accountReach(host.files, account), file) }
}

describe('whose a file of Python is', () => {
  test.each<[string, string, string | null]>([
    ['a script, by the record', `${venv}/bin/tool`, 'a-tool 1.2'],
    ['a script of setuptools alone', `${venv}/bin/old`, 'old 0.1'],
    ['a program among its modules', `${site}/a/bin/native`, 'a-tool 1.2'],
    ['a module of setuptools alone', `${site}/old/__main__.py`, 'old 0.1'],
    ['a package that several share', `${site}/shared/a.py`, null],
    ['of pip --user', '/home/ann/.local/bin/mine', 'mine 2'],
    ['of the whole machine', '/usr/local/bin/all', 'all 4'],
    ['the environment’s own', `${venv}/bin/activate`, null],
    ['beside no Python', '/home/ann/bin/x', null],
  ])('%s', (_title, file, expected) => {
    const { package: own, gap } = setUp().owner(file)
    expect(own === null ? null : `${own.name} ${own.version}`).toBe(expected)
    expect(own?.manager ?? 'pypi').toBe('pypi')
    expect(gap).toBeNull()
  })

  test('a record that cannot be read is a gap', () => {
    expect(setUp().owner('/home/ann/broken/bin/x')).toMatchObject({
      package: null,
      gap: { reason: 'too-large' },
    })
  })

  test('an unchanged environment is not read again, a changed one is', () => {
    const { host, owner } = setUp()
    owner(`${venv}/bin/tool`)
    host.files.refresh()
    const before = host.touched.length
    expect(owner(`${venv}/bin/tool`).package?.version).toBe('1.2')
    expect(host.touched.slice(before).filter((path) => path.endsWith('/RECORD'))).toEqual([])

    host.put(`${site}/a_tool-1.2.dist-info`, null)
    host.put(`${site}/a_tool-1.3.dist-info/RECORD`, '../../../bin/tool,,\n')
    host.advance(10_000)
    host.files.refresh()
    expect(owner(`${venv}/bin/tool`).package?.version).toBe('1.3')
  })
})

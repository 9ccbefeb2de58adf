import { describe, expect, test } from 'vitest'
import {
  moduleOf,
  parseDistInfo,
  parseEntryPoints,
  parsePythonRecord,
  parseTopLevel,
} from '../../../../agent/parsers/python-packages.ts'

const bytes = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\n'))

test.each<[string, string | null]>([
  ['aider_chat-0.86.1.dist-info', 'aider-chat 0.86.1'],
  ['Zope.Interface-6.0.egg-info', 'zope-interface 6.0'],
  ['pip-24.0.dist-info', 'pip 24.0'],
  ['a_tool-1.2-py3.11.egg-info', 'a-tool 1.2'],
  ['distutils-precedence.pth', null],
  ['__pycache__', null],
])('python metadata %s', (folder, expected) => {
  const found = parseDistInfo(folder)
  expect(found === null ? null : `${found.name} ${found.version}`).toBe(expected)
})

describe('RECORD', () => {
  // Lines of pip 23.0.1 and setuptools 66.1.1 in an environment of `python3 -m venv`, Debian 12, 2026-11-23.
  test('tells the scripts and the top-level modules', () => {
    expect(
      parsePythonRecord(
        bytes(
          '../../../bin/pip,sha256=8RNteB-bQM7tunmVOOo1j3dNjpu7GEjmBCaElsS9oCk,226',
          '../../../bin/pip3.11,sha256=8RNteB-bQM7tunmVOOo1j3dNjpu7GEjmBCaElsS9oCk,226',
          'pip-23.0.1.dist-info/RECORD,,',
          'pip/__init__.py,sha256=5yroedzc2dKKbcynDrHX8vBoLxqU27KmFvvHmdqQN9w,357',
          'pip/__pycache__/__init__.cpython-311.pyc,,',
          '_distutils_hack/__init__.py,sha256=TSekhUW1fdE3rjU3b88ybSBkJxCEpIeWBob4cEuU3ko,6128',
          'distutils-precedence.pth,sha256=JjjOniUA5XKl4N5_rtZmHrVp0baW_LoHsN0iPaX10iQ,151',
        ),
      ),
    ).toEqual({ scripts: ['pip', 'pip3.11'], modules: ['pip', '_distutils_hack'] })
  })

  test.each<[string, object]>([
    ['"../../../bin/a,b",sha256=x,1', { scripts: ['a,b'], modules: [] }],
    ['/usr/local/bin/tool,sha256=x,1', { scripts: ['tool'], modules: [] }],
    ['../../../share/man/man1/tool.1,sha256=x,1', { scripts: [], modules: [] }],
    ['tool.py,sha256=x,1', { scripts: [], modules: ['tool'] }],
    ['_tool.cpython-311-x86_64-linux-gnu.so,sha256=x,1', { scripts: [], modules: ['_tool'] }],
    ['bin/tool,sha256=x,1', { scripts: [], modules: ['bin'] }],
    ['"never closed', { scripts: [], modules: [] }],
    ['', { scripts: [], modules: [] }],
  ])('%s', (line, expected) => {
    expect(parsePythonRecord(bytes(line))).toEqual(expected)
  })
})

test.each<[string, string[]]>([
  ['[console_scripts]\npip = pip._internal.cli.main:main\npip3=x:y\n', ['pip', 'pip3']],
  ['[gui_scripts]\nw = x:y\n[other]\nz = x:y\n', ['w']],
  ['; comment\n[console_scripts]\n# x = y\n', []],
  ['a = b', []],
])('entry points %j', (text, expected) => {
  expect(parseEntryPoints(bytes(text))).toEqual(expected)
})

test('top_level.txt', () => {
  expect(parseTopLevel(bytes('_distutils_hack', 'pkg_resources', ''))).toEqual([
    '_distutils_hack',
    'pkg_resources',
  ])
})

test.each<[string, string | null]>([
  ['tool', 'tool'],
  ['tool-1.0.dist-info', null],
  ['__pycache__', null],
  ['a b', null],
])('module of %s', (segment, expected) => {
  expect(moduleOf(segment)).toBe(expected)
})

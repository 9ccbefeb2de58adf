import { expect, test } from 'vitest'
import { parseDistInfo } from '../../../../agent/parsers/python-packages.ts'

test.each<[string, string | null]>([
  ['aider_chat-0.86.1.dist-info', 'aider-chat 0.86.1'],
  ['Zope.Interface-6.0.egg-info', 'zope-interface 6.0'],
  ['pip-24.0.dist-info', 'pip 24.0'],
  ['distutils-precedence.pth', null],
  ['__pycache__', null],
])('python metadata %s', (folder, expected) => {
  const found = parseDistInfo(folder)
  expect(found === null ? null : `${found.name} ${found.version}`).toBe(expected)
})

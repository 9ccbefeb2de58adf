import { expect, test } from 'vitest'
import { prefixOfNpmrc } from '../../../../agent/parsers/npmrc.ts'

test.each<[string, string | null]>([
  ['prefix=/home/ann/.npm-global\n', '/home/ann/.npm-global'],
  ['registry=https://example.org/\nprefix = ${HOME}/.node/ \n', '/home/ann/.node'],
  ['prefix="~/x"', '/home/ann/x'],
  ['prefix=${OTHER}/x', null],
  ['prefix=relative', null],
  ['; prefix=/x\n#prefix=/y', null],
  ['//example.org/:_authToken=secret', null],
])('npmrc %j has the prefix %s', (text, expected) => {
  expect(prefixOfNpmrc(text, '/home/ann')).toBe(expected)
})

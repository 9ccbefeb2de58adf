// The tree as a whole: what lies at the top, and what no file may name.
import { expect, test } from 'vitest'
import { filesBelow, readText, topLevelNames } from '../helpers/repository.ts'

const folders = ['agent', 'server', 'shared', 'installers', 'test', '.ci', '.github']
const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE']
const settings = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  '.oxlintrc.json',
  '.oxfmtrc.json',
]
const dotfiles = ['.editorconfig', '.gitignore', '.gitattributes']
const allowed = [...folders, ...documents, ...settings, ...dotfiles]

test('the top level holds what it should and nothing else', () => {
  expect(topLevelNames().filter((name) => !allowed.includes(name))).toEqual([])
})

const texts = filesBelow()
  .filter((path) => !/\.(png|ico|icns|gif|jpg|woff2?|sqlite|db|gz|zip|vscdb)$/.test(path))
  .filter((path) => path !== 'test/repo/tree.test.ts')
  .map((path) => ({ path, text: readText(path) }))

/** Captures quote the world as it is; registries may appear in them. */
function isQuotation(path: string): boolean {
  return path.includes('/fixtures/')
}

function filesNaming(pattern: RegExp, except: (path: string) => boolean = () => false): readonly string[] {
  return texts.filter(({ path, text }) => !except(path) && pattern.test(text)).map(({ path }) => path)
}

test('no file names a folder of the machine on which it was written', () => {
  expect(filesNaming(/(^|[\s"'`(=:])\/(work|tmp\/brief|tmp\/bash_jobs)(\/|\b)/m)).toEqual([])
})

test('no file names a package registry, proxy or mirror', () => {
  const registries =
    /\bregistry\.(npmjs|yarnpkg|npmmirror)\b|\bnpmmirror\b|\bartifactory\b|\bverdaccio\b|\bproxy\.golang\.org\b|\bpypi\.org\/simple\b/i
  expect(filesNaming(registries, isQuotation)).toEqual([])
})

test('no file says how it came to be written', () => {
  const talk =
    /\b(BRIEF|design|style|packaging|measured|promises|real-tools)\.md\b|\bas an AI\b|\b(another|other) helpers?'s? (file|session)|\bhelper session|\bbrief says\b/
  expect(filesNaming(talk)).toEqual([])
})

test('.npmrc names no host and leaves install scripts as they are', () => {
  const npmrc = readText('.npmrc')
  expect(npmrc).not.toMatch(/https?:|\/\/|registry=/)
  expect(npmrc).not.toMatch(/ignore-scripts|engine-strict/)
  expect(npmrc).toContain('omit-lockfile-registry-resolved=true')
})

test('every text file ends with a newline and uses it alone', () => {
  const owned = texts.filter(({ path }) => !path.includes('/fixtures/') && path !== 'LICENSE')
  const odd = owned.filter(({ text }) => text !== '' && (!text.endsWith('\n') || text.includes('\r\n')))
  expect(odd.map(({ path }) => path)).toEqual([])
})

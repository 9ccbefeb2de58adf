// Every version of the protocol that there was has its line of history and a stored, signed report of its own agent:
// test/integration/server/older-agents.test.ts opens and judges them.
import { expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '#shared/protocol.ts'
import { filesBelow, readText } from '../helpers/repository.ts'

const versions = Array.from({ length: PROTOCOL_VERSION }, (_, index) => index + 1)
const folder = 'test/fixtures/protocol'

test('each version has its line of history', () => {
  const lines = readText('shared/protocol.ts').matchAll(/^\/\/ +(\d+) {2}\d{4}-\d{2}-\d{2} {2}\S/gm)
  expect([...lines].map(([, version]) => Number(version))).toEqual(versions)
})

test('each version before the present one has a stored report', () => {
  const stored = filesBelow(folder)
  const missing = versions
    .slice(0, -1)
    .filter((version) => !stored.includes(`${folder}/version-${version}.json`))
  expect(missing).toEqual([])
})

test.each(filesBelow(folder))('%s holds reports of that version alone', (path) => {
  const { envelopes } = JSON.parse(readText(path)) as { readonly envelopes: readonly { header: string }[] }
  const said = envelopes.map(({ header }) => (JSON.parse(header) as { protocol: number }).protocol)
  expect([...new Set(said)].map((version) => `${folder}/version-${version}.json`)).toEqual([path])
})

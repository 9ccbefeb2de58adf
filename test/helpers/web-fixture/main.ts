// Runs the fixture by hand: `node test/helpers/web-fixture/main.ts [mode]`, after a build or behind vite's proxy.
import { fileURLToPath } from 'node:url'
import { startWebFixture, type FixtureMode } from './server.ts'

const modes: readonly FixtureMode[] = ['full', 'empty', 'failing', 'slow']
const folder = fileURLToPath(new URL('../../../dist/web', import.meta.url))
const fixture = await startWebFixture(folder, Date.now(), 8740)
fixture.setMode(modes.find((mode) => mode === process.argv[2]) ?? 'full')
console.log(`${fixture.url} (${process.argv[2] ?? 'full'})`)

// A program for tests: a desktop session by itself, which writes its bus' address to one file and, as they are shown, the titles of
// notifications to another.
import { appendFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { startDesktopSession } from './session-bus.ts'

const [addressFile = '', titlesFile = ''] = process.argv.slice(2)
const session = await startDesktopSession()
await session.takeNotifications(['body'])
writeFileSync(addressFile, session.address)
let written = 0
setInterval(() => {
  for (const { title } of session.shown.slice(written)) appendFileSync(titlesFile, `${title}\n`)
  written = session.shown.length
}, 100)

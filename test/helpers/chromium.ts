// Finds the system's Chromium or Chrome for the browser tests. Downloads nothing; who finds none skips.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome.exe',
  'msedge.exe',
]
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** The path of a browser to drive: `CUTOFF_CHROMIUM` where it is set, else one on PATH or in a usual place. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  if (env.CUTOFF_CHROMIUM !== undefined) return env.CUTOFF_CHROMIUM
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) => commands.map((command) => join(folder, command)))
  return [...onPath, ...places].find((path) => existsSync(path))
}

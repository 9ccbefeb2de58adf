// One small package of the catalogue, installed, started and looked at as `npm run catalogue:verify` does it with all.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTool } from '../../installers/generate.ts'
import type { ToolFile } from '../../shared/tool.ts'
import { tryPackage, type Trial } from '../catalogue/trial.ts'
import { openLab, whyNoLab, type Lab } from '../helpers/lab/lab.ts'
import { bundleAgent } from '../load/agent-bundle.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const reason = whyNoLab()
const packageName = 'run-deepseek-cli'

describe.skipIf(reason !== undefined)(`a package on trial${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let lab: Lab
  let trial: Trial
  const tool = toolOf('deepseek-cli')

  beforeAll(async () => {
    lab = await openLab()
    const workshop = { lab, agent: await bundleAgent(root, 'e2e-verify') }
    const offer = { version: '0.1.1', deprecated: null, published: null }
    trial = await tryPackage(workshop, tool, packageName, offer)
  })
  afterAll(() => lab?.close())

  test('is installed, answers without a network, and is detected with nothing beside it', () => {
    expect(trial).toMatchObject({
      seen: {
        name: packageName,
        outcome: 'installed',
        commands: { 'deepseek-cli': 'answered' },
        detected: true,
      },
      wrong: [],
    })
  })

  test('leaves no account behind', () => {
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain(
      `cutoff end-to-end test of process ${process.pid}:`,
    )
  })
})

function toolOf(id: string): ToolFile {
  const name = `${id}.json`
  const read = readTool({ name, text: readFileSync(`${root}shared/catalogue/tools/${name}`, 'utf8') })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.tool
}

// `npm run build:managed`: writes the files for device management (Jamf, Intune, Group Policy, Ansible and others) to
// dist/managed, all made from the agent's settings. Asks nobody, signs nothing.
//
//   --organisation NAME     as the profiles show it
//   --set NAME=VALUE        a setting, such as server=https://cutoff.example.com; once for each
//   --more-info URL         a page of your own about Cutoff, which non-compliant devices show
//   --code-requirement TEXT what `codesign -d -r-` prints of the signed executable for macOS
//   --team-identifier ID    of the certificate that signed it
//   --out FOLDER            in place of dist/managed
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AgentSettings, settingFacts, settingNames } from '#shared/settings.ts'
import { managedFiles, type Organisation } from './managed/files.ts'
import { isWritable } from './managed/linux-settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const texts = {
  organisation: { type: 'string' },
  set: { type: 'string', multiple: true },
  'more-info': { type: 'string' },
  'code-requirement': { type: 'string' },
  'team-identifier': { type: 'string' },
  out: { type: 'string' },
} as const

export type ReadOrganisation =
  | { readonly ok: true; readonly organisation: Organisation; readonly out: string }
  | { readonly ok: false; readonly problems: readonly string[] }

/** The organisation as the command line tells it, each setting checked as the agent will check it. */
export function readOrganisation(args: readonly string[]): ReadOrganisation {
  const { values } = parseArgs({ args: [...args], options: texts, strict: true })
  const given = (values.set ?? []).map((pair) => {
    const equals = pair.indexOf('=')
    return [pair.slice(0, Math.max(equals, 0)), pair.slice(equals + 1)] as const
  })
  const settings = new Map<string, string | number>()
  const problems: string[] = []
  for (const [name, text] of given) {
    const known = settingNames.find((one) => one === name)
    if (known === undefined) {
      problems.push(`--set ${name}: there is no such setting; there are ${settingNames.join(', ')}`)
      continue
    }
    const value = settingFacts[known].holds === 'number' ? Number(text) : text
    const checked = AgentSettings.shape[known].safeParse(value)
    if (checked.success && !isWritable(value))
      problems.push(
        `--set ${name}: no settings file can hold it: it has control characters, or both kinds of quotes`,
      )
    else if (checked.success) settings.set(known, value)
    else problems.push(`--set ${name}: ${z.prettifyError(checked.error).split('\n')[0] ?? ''}`)
  }
  if (problems.length > 0) return { ok: false, problems }
  const requirement = values['code-requirement']
  return {
    ok: true,
    out: values.out ?? 'dist/managed',
    organisation: {
      name: values.organisation ?? 'Example Ltd',
      values: Object.fromEntries(settings),
      macos:
        requirement === undefined
          ? null
          : { codeRequirement: requirement, teamIdentifier: values['team-identifier'] ?? null },
      moreInfo: values['more-info'] ?? 'https://cutoff.example.com',
    },
  }
}

function main(): void {
  const read = readOrganisation(process.argv.slice(2))
  if (!read.ok) {
    for (const problem of read.problems) console.error(`build:managed: ${problem}`)
    process.exitCode = 2
    return
  }
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const { out } = read
  const files = managedFiles(read.organisation, version)
  rmSync(out, { recursive: true, force: true })
  for (const [path, text] of files) {
    const file = join(out, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  cpSync(join(root, 'installers/managed/ansible'), join(out, 'linux/ansible'), { recursive: true })
  console.log(`${files.size} files and an Ansible role are in ${out}.`)
  if (read.organisation.macos === null)
    console.log(
      'Left out: macos/cutoff-access.mobileconfig. macOS refuses it without --code-requirement, which only a signed executable has.',
    )
}

if (import.meta.main) main()

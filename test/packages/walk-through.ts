// What installers/README.md tells to type on a Linux machine, typed into one: the files before the package, the package, the
// questions, the removal.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { managedFiles } from '../../installers/managed/files.ts'
import { machineCommands } from '../helpers/walk-through.ts'
import type { Container } from './container.ts'
import type { Check } from './package-life.ts'

/**
 * @param deb installed under whatever name the page gives it
 * @param folder of its own, to work in
 */
export function walkThroughChecks({ sh, bring }: Container, deb: string, folder: string): readonly Check[] {
  mkdirSync(folder)
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return bring(join(folder, name))
  }
  const settings = managedFiles(
    {
      name: 'Example',
      values: { server: 'https://cutoff.example.com', organisationKey: '0'.repeat(64) },
      macos: null,
      moreInfo: 'https://example.com',
    },
    '1.2.3',
  ).get('linux/50-organisation.yaml')
  write('50-organisation.yaml', settings ?? '')
  write('enrolment-token', 'token-of-this-check-alone\n')
  const brought = bring(deb)
  return (machineCommands.get('Linux') ?? []).flatMap((line): Check[] => {
    const name = /\.\/(cutoff-agent\S+\.deb)/.exec(line)?.[1]
    if (name !== undefined) sh(`mv ${brought} /root/${name}`)
    const { status, out } = sh(`cd /root && DEBIAN_FRONTEND=noninteractive ${line}`)
    const check = (what: string, ok: boolean, said = out): Check => ({
      what: `${line}${what}`,
      ok,
      found: ok ? '' : said.trim().slice(-1500),
    })
    // A person types no faster than it starts.
    if (line.startsWith('apt-get install'))
      sh(
        `for try in $(seq 60); do cutoff-agent status --json | grep -q '"running":true' && break; sleep 0.5; done`,
      )
    if (line !== 'cutoff-agent doctor') return [check('', status === 0)]
    // Nothing is wrong but that there is no server: this machine has no network. The service, which is not root, says the same.
    const failed = [...out.matchAll(/^FAIL\s+(\S.*?)  /gim)].map(([, name = '']) => name)
    const { out: log } = sh(
      'sleep 5; journalctl -u cutoff-agent --no-pager -o cat; cutoff-agent status --json',
    )
    return [
      check(': only the way to the server is missing', failed.join() === 'Enrolment,Server'),
      check(': so it is to the service', /EAI_AGAIN|unreachable/.test(log) && !/token-/.test(log), log),
    ]
  })
}

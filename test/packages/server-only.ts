// What a drop-in for the service that names the server's addresses (installers/README.md) lets through, and what not. By the kernel,
// which needs control groups of its own for it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { StatusDocument } from '../../agent/cli/status-document.ts'
import type { Container } from './container.ts'
import type { Check } from './package-life.ts'

const folder = '/etc/systemd/system/cutoff-agent.service.d'
/** Longer than a start's first report may take, and an answer that never comes, on an emulated machine. */
const mostSeconds = 300

/** Leaves the service as it was. @param address of the server, which the machine finds without DNS */
export async function serverOnlyChecks(
  { sh }: Pick<Container, 'sh'>,
  address: string,
): Promise<readonly Check[]> {
  const status = () => JSON.parse(sh('cutoff-agent status --json').out) as StatusDocument

  async function check(
    what: string,
    allowed: string,
    timeOf: (told: StatusDocument) => string | null | undefined,
  ): Promise<Check> {
    sh(`mkdir -p ${folder}
printf '[Service]\\nIPAddressDeny=any\\nIPAddressAllow=${allowed}\\n' > ${folder}/server-only.conf
systemctl daemon-reload`)
    const begun = sh('systemctl restart cutoff-agent; date --utc +%Y-%m-%dT%H:%M:%S').out.trim()
    const isTold = (): boolean => (timeOf(status()) ?? '') > begun
    for (let waited = 0; !isTold() && waited < mostSeconds; waited += 5) await sleep(5000)
    const ok = isTold()
    return { what, ok, found: ok ? '' : `since ${begun}: ${JSON.stringify(status())}` }
  }

  const checks = [
    await check(
      'with its addresses allowed alone, it reaches the server',
      address,
      (told) => told.lastReportAt,
    ),
    await check('with another’s, it does not', '192.0.2.1', ({ lastFailure }) => lastFailure?.at),
  ]
  sh(`rm -r ${folder}; systemctl daemon-reload; systemctl restart cutoff-agent`)
  return checks
}

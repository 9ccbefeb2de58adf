// How well one device and each of its accounts has been looked at, and every open gap.
import { IconEyeCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Subject } from '#shared/api.ts'
import { accounts, coverage, gaps } from '../data/resources.ts'
import { CoverageBadge } from '../parts/badge.tsx'
import { GapTable } from '../parts/gap-table.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { ShowName } from '../parts/show-name.tsx'
import { AccountName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import classes from './device.module.css'

export function DeviceCoverage({ device, host }: { readonly device: string; readonly host: Subject }) {
  const looked = useQuery(coverage({ device, limit: 200 }))
  const people = useQuery(accounts({ device, limit: 200 }))
  const missed = useQuery(gaps({ device, limit: 200 }))
  return (
    <div className={classes.part}>
      <Panel title="Coverage" about="It stands beside every verdict and hides none." flush>
        <Loaded query={looked}>
          {(page) =>
            page.items.length === 0 ? (
              <EmptyNote title="No scan has been reported yet" />
            ) : (
              <ul className={classes.accounts}>
                {page.items.map((row) => (
                  <li key={row.account?.key ?? ''}>
                    <AccountName account={row.account} />
                    <span>
                      <CoverageBadge state={row.state} plain />{' '}
                      <span className="dim small">
                        {row.state === 'not-attested' ? 'since ' : 'as of '}
                        <TimeText at={row.at} />, catalogue <Inert text={row.catalogue} max={16} mono />
                      </span>
                    </span>
                    <span className="dim small">{row.gaps === 1 ? '1 gap' : `${row.gaps} gaps`}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      <Panel title="Accounts" flush>
        <Loaded query={people}>
          {(page) => <AccountList rows={page.items} device={device} host={host} />}
        </Loaded>
      </Panel>
      <Panel title="Gaps" about="Open now." flush>
        <Loaded query={missed}>
          {(page) => (
            <GapTable
              rows={page.items}
              empty={<EmptyNote title="No open gap on this device" icon={IconEyeCheck} />}
            />
          )}
        </Loaded>
      </Panel>
    </div>
  )
}

interface AccountListProps {
  readonly rows: readonly { readonly account: Subject; readonly readable: boolean }[]
  readonly device: string
  readonly host: Subject
}

function AccountList({ rows, device, host }: AccountListProps) {
  const words = useWords()
  if (rows.length === 0) return <EmptyNote title="No account has been reported yet" />
  return (
    <ul className={classes.accounts}>
      {rows.map((row) => (
        <li key={row.account.key}>
          <AccountName account={row.account} />
          <span className={row.readable ? 'dim small' : 'small'}>
            {row.readable
              ? 'Its home could be looked into.'
              : `Its home could not be looked into. ${words.gap.denied.about}`}
          </span>
          <ShowName device={device} account={row.account} host={host} />
        </li>
      ))}
    </ul>
  )
}

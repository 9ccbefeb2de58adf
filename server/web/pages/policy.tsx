// The policy: the version in force and those before it, its rules in words, and a new one applied after a dry run.
import { Code } from '@mantine/core'
import { IconGavel } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { policies } from '../data/resources.ts'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { usePermissions } from '../parts/role.ts'
import { PolicyApply } from './policy-apply.tsx'
import { PolicyRollout } from './policy-rollout.tsx'
import { PolicyVersion } from './policy-version.tsx'
import classes from './policy.module.css'

export function PolicyPage() {
  const query = useQuery(policies())
  const permitted = usePermissions().change
  return (
    <>
      <PageHead
        title="Policy"
        about="Ordered, dated rules; the first that matches decides. Every version is kept: what happened is judged by the version that was in force then."
      />
      <div className={classes.page}>
        <Loaded query={query}>
          {(page) =>
            page.items.length === 0 ? (
              <Panel>
                <EmptyNote title="No policy is in force" icon={IconGavel}>
                  <p>
                    Nothing is judged until there is one. Write it below, or apply a file with{' '}
                    <Code>cutoff-server policy apply FILE</Code>.
                  </p>
                </EmptyNote>
              </Panel>
            ) : (
              <>
                <PolicyRollout />
                {page.items.map((row) => (
                  <PolicyVersion key={row.version} row={row} />
                ))}
              </>
            )
          }
        </Loaded>
        {permitted ? (
          <PolicyApply inForce={query.data?.items.find((row) => row.inForce)?.version ?? null} />
        ) : null}
      </div>
    </>
  )
}

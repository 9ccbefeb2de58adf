// The policy on its way to the devices: stage, how many act on it, what went wrong, and what an administrator can do about it.
import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCircleCheck, IconProgress } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Rollout } from '#shared/rollout.ts'
import { policyRelease } from '../data/resources.ts'
import { changeRelease } from '../data/writes.ts'
import { Badge } from '../parts/badge.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { usePermissions } from '../parts/role.ts'
import { TimeText } from '../parts/time-text.tsx'
import { counted } from '../view/next-steps.ts'
import { lateText, rolloutActions, standing, troubles, type RolloutAction } from '../view/rollout-words.ts'
import classes from './policy.module.css'

export function PolicyRollout() {
  const query = useQuery(policyRelease())
  if (query.data?.release === null) return null
  return (
    <Panel
      title="On the devices"
      about="Findings are judged by the version in force at once. What the agents are told follows in stages, so that a mistake in it cannot reach all of them."
    >
      <Loaded query={query}>
        {({ release }) => (release === null ? null : <Standing rollout={release} />)}
      </Loaded>
    </Panel>
  )
}

function Standing({ rollout }: { readonly rollout: Rollout }) {
  const permitted = usePermissions().change
  const { tone, label, text } = standing(rollout)
  const { acting, fleet } = rollout.devices
  const late = lateText(rollout.late)
  const trouble = troubles(rollout)
  return (
    <div className={classes.rollout}>
      <div className={classes.rolloutHead}>
        <Badge
          tone={tone}
          icon={tone === 'danger' ? IconAlertTriangle : tone === 'good' ? IconCircleCheck : IconProgress}
          label={label}
        />
        <strong>Version {rollout.version}</strong>
        <span className="dim small">{when(rollout)}</span>
      </div>
      <p>{text}</p>
      <div>
        <div className={classes.bar} aria-hidden>
          <span className={`tone-${tone}`} style={{ flexGrow: acting }} />
          <span style={{ flexGrow: Math.max(fleet - acting, 0) }} />
        </div>
        <p className="small">
          <span className="number">{acting}</span> of {counted(fleet, 'device')} act on it.
        </p>
      </div>
      {trouble.length === 0 ? null : (
        <ul className={classes.troubles}>
          {trouble.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {late === null ? null : <p className={classes.late}>{late}</p>}
      {permitted ? <Actions rollout={rollout} /> : null}
    </div>
  )
}

function when({ halted, allBy, stage, madeAt }: Rollout) {
  if (halted !== null)
    return (
      <>
        since <TimeText at={halted.at} />
      </>
    )
  if (allBy !== null)
    return (
      <>
        all devices by <TimeText at={allBy} /> if nothing holds it up
      </>
    )
  const since = stage?.since ?? madeAt
  return since === 0 ? null : (
    <>
      since <TimeText at={since} />
    </>
  )
}

function Actions({ rollout }: { readonly rollout: Rollout }) {
  const client = useQueryClient()
  const [asked, setAsked] = useState<RolloutAction | null>(null)
  const change = useMutation({
    mutationFn: ({ action }: RolloutAction) => changeRelease({ name: rollout.name, action }),
    onSuccess: async () => {
      setAsked(null)
      notifications.show({ message: 'Done. It is in the audit log.' })
      await client.invalidateQueries()
    },
  })
  const actions = rolloutActions(rollout)
  if (actions.length === 0) return null
  const ask = (action: RolloutAction | null) => {
    change.reset()
    setAsked(action)
  }
  return (
    <div className={classes.buttons}>
      {actions.map((one) => (
        <Button key={one.action} variant="default" onClick={() => ask(one)}>
          {one.label}
        </Button>
      ))}
      <Dialog
        opened={asked !== null}
        onClose={() => ask(null)}
        title={asked === null ? '' : `${asked.label}: version ${rollout.version}?`}
      >
        {asked === null ? null : (
          <div className={classes.rollout}>
            <p>{asked.follows}</p>
            {change.error === null ? null : <ProblemNote error={change.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => ask(null)}>
                Leave it
              </Button>
              <Button
                {...(asked.tone === 'danger' ? { color: 'red' } : {})}
                loading={change.isPending}
                onClick={() => change.mutate(asked)}
              >
                {asked.label}
              </Button>
            </Group>
          </div>
        )}
      </Dialog>
    </div>
  )
}

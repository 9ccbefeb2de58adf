// What people do with a finding, each step with a reason; it never changes the verdict.
import { Button, Group, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { LifecycleChange, type FindingDetail } from '#shared/api.ts'
import type { Lifecycle } from '#shared/finding.ts'
import { changeLifecycle } from '../data/writes.ts'
import { LifecycleBadge } from './badge.tsx'
import { Dialog } from './dialog.tsx'
import { Inert } from './inert-text.tsx'
import classes from './lifecycle-actions.module.css'
import { ProblemNote } from './notes.tsx'
import { usePermissions } from './role.ts'
import { TimeText } from './time-text.tsx'
import { WaiverForm } from './waiver-form.tsx'
import { useWords } from './words.ts'

interface Step {
  readonly to: Lifecycle
  readonly label: string
  readonly hint: string
}

const steps: readonly Step[] = [
  { to: 'acknowledged', label: 'Acknowledge', hint: 'For example: I have spoken to the person.' },
  { to: 'disputed', label: 'Mark as disputed', hint: 'What the person says is wrong about it.' },
  { to: 'closed', label: 'Close', hint: 'For example: removed, settled, or wrong and why.' },
  { to: 'open', label: 'Open again', hint: 'Why it needs to be looked at again.' },
]

export function LifecycleActions({ finding }: { readonly finding: FindingDetail }) {
  const permitted = usePermissions().change
  const [step, setStep] = useState<Step | null>(null)
  const [excusing, setExcusing] = useState(false)
  return (
    <>
      {finding.history.length === 0 ? (
        <p className="dim">Nothing yet.</p>
      ) : (
        <ol className={classes.history}>
          {finding.history.map((entry) => (
            <li key={`${entry.at} ${entry.lifecycle}`}>
              <LifecycleBadge lifecycle={entry.lifecycle} />
              <span className="dim small">
                <Inert text={entry.by} max={40} />, <TimeText at={entry.at} />
              </span>
              <p>
                <Inert text={entry.reason} />
              </p>
            </li>
          ))}
        </ol>
      )}
      {permitted ? (
        <>
          <Group gap={8}>
            {steps
              .filter((one) => one.to !== finding.lifecycle)
              .map((one) => (
                <Button key={one.to} size="xs" variant="default" onClick={() => setStep(one)}>
                  {one.label}
                </Button>
              ))}
            {finding.unlisted === null ? (
              <Button size="xs" variant="default" onClick={() => setExcusing(true)}>
                Add a waiver
              </Button>
            ) : null}
          </Group>
          <p className="dim small">
            These steps record what people did; the verdict stays as the evidence gives it.
            {finding.unlisted === null ? ' Only a waiver excuses a use.' : null}
          </p>
        </>
      ) : null}
      <Dialog
        opened={excusing}
        onClose={() => setExcusing(false)}
        title={`Add a waiver for ${finding.toolName}`}
        wide
      >
        <WaiverForm about={finding} onDone={() => setExcusing(false)} />
      </Dialog>
      <Dialog opened={step !== null} onClose={() => setStep(null)} title={step?.label}>
        {step === null ? null : <ReasonForm finding={finding} step={step} onDone={() => setStep(null)} />}
      </Dialog>
    </>
  )
}

function ReasonForm({
  finding,
  step,
  onDone,
}: {
  readonly finding: FindingDetail
  readonly step: Step
  readonly onDone: () => void
}) {
  const words = useWords()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: (wanted: LifecycleChange) => changeLifecycle(finding.id, wanted),
    onSuccess: async () => {
      await client.invalidateQueries()
      notifications.show({ message: `The finding is now ${words.lifecycle[step.to].label.toLowerCase()}.` })
      onDone()
    },
  })
  const checked = LifecycleChange.safeParse({ lifecycle: step.to, reason: reason.trim() })
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (checked.success) change.mutate(checked.data)
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <p>{words.lifecycle[step.to].about}</p>
      <Textarea
        label="Reason"
        description={step.hint}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        minRows={3}
        maxLength={2000}
        autosize
        required
        data-autofocus
      />
      {change.error === null ? null : <ProblemNote error={change.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" disabled={!checked.success} loading={change.isPending}>
          {step.label}
        </Button>
      </Group>
    </form>
  )
}

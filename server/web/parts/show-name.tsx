// "Show name": asks why, says that it is recorded and for whom, and only then asks the server for the name.
import { Button, Group, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconEye } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { NewLook, type Subject } from '#shared/api.ts'
import { openName } from '../data/writes.ts'
import { instantText } from '../view/time.ts'
import { useClock } from './clock.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './notes.tsx'
import { usePermissions } from './role.ts'
import classes from './show-name.module.css'

interface ShowNameProps {
  readonly device: string
  /** Null to show the device's own name. */
  readonly account: Subject | null
  readonly host: Subject
}

/** The button; nothing once the name is shown. */
export function ShowName({ device, account, host }: ShowNameProps) {
  const [opened, { open, close }] = useDisclosure(false)
  const permitted = usePermissions().look
  const subject = account ?? host
  if (subject.name !== null || !permitted) return null
  const label = account === null ? 'Show device name' : 'Show name'
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconEye size={15} aria-hidden />}
        onClick={open}
      >
        {label}
      </Button>
      <Dialog opened={opened} onClose={close} title={`${label}: ${subject.label}`}>
        <LookForm device={device} account={account} onDone={close} />
      </Dialog>
    </>
  )
}

function LookForm({
  device,
  account,
  onDone,
}: {
  readonly device: string
  readonly account: Subject | null
  readonly onDone: () => void
}) {
  const client = useQueryClient()
  const clock = useClock()
  const [reason, setReason] = useState('')
  const look = useMutation({
    mutationFn: openName,
    onSuccess: async ({ until }) => {
      await client.invalidateQueries()
      // The name must not stay on the screen for longer than the look is open.
      setTimeout(() => void client.invalidateQueries(), Math.max(0, until - Date.now()) + 1000)
      notifications.show({
        message: `The name is shown until ${instantText(until, clock)}. The look is recorded.`,
      })
      onDone()
    },
  })
  const checked = NewLook.safeParse({ device, account: account?.key ?? null, reason: reason.trim() })
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (checked.success) look.mutate(checked.data)
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <p>
        {account === null
          ? 'You will see what this device is called and the names of its hardware for a while.'
          : 'You will see who this account is and what happened on it for a while.'}
      </p>
      <p className={classes.recorded}>
        <IconEye size={18} aria-hidden />
        <span>
          Who looked, when and this reason are recorded in the audit log, which nobody can change unseen. The
          device is told who looked, and its people can see it.
        </span>
      </p>
      <Textarea
        label="Why do you need to see it?"
        description="A few words, for example the ticket or the conversation it is for."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        minRows={2}
        maxLength={500}
        autosize
        required
        data-autofocus
      />
      {look.error === null ? null : <ProblemNote error={look.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" disabled={!checked.success} loading={look.isPending}>
          Show and record
        </Button>
      </Group>
    </form>
  )
}

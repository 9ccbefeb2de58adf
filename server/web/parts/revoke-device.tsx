// Revoking a device: its reports are refused from then on. Asked with a reason; what it reported stays.
import { Button, Group, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { DeviceRow } from '#shared/api.ts'
import { revokeDevice } from '../data/writes.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './notes.tsx'
import { usePermissions } from './role.ts'
import classes from './show-name.module.css'

export function RevokeDevice({ device }: { readonly device: DeviceRow }) {
  const permitted = usePermissions().change
  const [opened, { open, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => revokeDevice(device.id, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries()
      notifications.show({ message: 'The device is revoked.' })
      close()
    },
  })
  if (!permitted || device.status === 'revoked') return null
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    revoke.mutate()
  }
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Revoke
      </Button>
      <Dialog opened={opened} onClose={close} title={`Revoke ${device.host.label}?`}>
        <form onSubmit={submit} className={classes.form}>
          <p>
            Its reports are refused from now on. What it has reported stays. To report again it has to be
            enrolled anew.
          </p>
          <Textarea
            label="Reason"
            description="For example: lost, replaced, or given back. It is recorded in the audit log."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            minRows={2}
            autosize
            required
            data-autofocus
          />
          {revoke.error === null ? null : <ProblemNote error={revoke.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button type="submit" color="red" disabled={reason.trim() === ''} loading={revoke.isPending}>
              Revoke
            </Button>
          </Group>
        </form>
      </Dialog>
    </>
  )
}

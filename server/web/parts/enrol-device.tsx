// A token for one more device, shown once with the command that uses it.
import { Button, Code, CopyButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCheck, IconCopy, IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { makeEnrolToken } from '../data/writes.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './notes.tsx'
import { usePermissions } from './role.ts'
import classes from './show-name.module.css'
import { TimeText } from './time-text.tsx'

export function EnrolDevice() {
  const permitted = usePermissions().change
  const [opened, { open, close }] = useDisclosure(false)
  const made = useMutation({ mutationFn: makeEnrolToken })
  if (!permitted) return null
  const done = () => {
    close()
    made.reset()
  }
  const command = `cutoff-agent enrol --server ${window.location.origin} --token-file FILE --organisation-key-fingerprint TEXT`
  return (
    <>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={open}>
        Enrol a device
      </Button>
      <Dialog opened={opened} onClose={done} title="Enrol a device" wide>
        <div className={classes.form}>
          {made.data === undefined ? (
            <>
              <p>
                A token lets one machine enrol in the next 7 days. For many machines, make one with{' '}
                <Code>cutoff-server enrol-token</Code> and hand it out by device management.
              </p>
              {made.error === null ? null : <ProblemNote error={made.error} />}
              <div>
                <Button onClick={() => made.mutate()} loading={made.isPending} data-autofocus>
                  Make a token
                </Button>
              </div>
            </>
          ) : (
            <>
              <p>
                Save this token in a file on the machine that only its administrator can read. It is not shown
                again.
              </p>
              <Code block className="wrap-anywhere">
                {made.data.token}
              </Code>
              <CopyButton value={made.data.token}>
                {({ copied, copy }) => (
                  <div>
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={
                        copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                      }
                      onClick={copy}
                    >
                      {copied ? 'Copied' : 'Copy the token'}
                    </Button>
                  </div>
                )}
              </CopyButton>
              <p>
                Then run this as its administrator; <Code>cutoff-server keys</Code> prints the fingerprint.
              </p>
              <Code block className="wrap-anywhere">
                {command}
              </Code>
              <p className="dim small">
                It expires <TimeText at={made.data.expiresAt} />.
              </p>
            </>
          )}
        </div>
      </Dialog>
    </>
  )
}

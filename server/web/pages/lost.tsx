// Pages for an address that leads nowhere and for a page that broke.
import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { EmptyNote, ProblemNote } from '../parts/notes.tsx'
import classes from './lost.module.css'

export function MissingPage() {
  return (
    <main className={classes.lost}>
      <EmptyNote title="There is no page at this address" icon={IconMapOff}>
        <p>It may have been mistyped, or what it showed has been removed.</p>
        <Button component={Link} to="/" variant="default">
          Go to the overview
        </Button>
      </EmptyNote>
    </main>
  )
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  return (
    <main className={classes.lost}>
      <ProblemNote
        error={error instanceof Error ? error : new Error(String(error))}
        retry={() => (navigator.onLine ? window.location.reload() : reset())}
      />
    </main>
  )
}

// Steps through a list by the server's cursors. The trail of cursors stands in the address, so that going back works.
import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { Page } from '../data/resources.ts'
import { pageSize } from '../view/selection.ts'
import classes from './pager.module.css'

interface PagerProps {
  readonly page: Page<unknown> | undefined
  readonly after: readonly string[]
  readonly onMove: (after: readonly string[]) => void
  /** What is counted: `findings`. */
  readonly what: string
}

export function Pager({ page, after, onMove, what }: PagerProps) {
  if (page === undefined || (page.items.length === 0 && after.length === 0)) return null
  const first = after.length * pageSize + 1
  const last = first + page.items.length - 1
  const { next } = page
  return (
    <nav className={classes.pager} aria-label={`Pages of ${what}`}>
      <p className="dim small number" aria-live="polite">
        {page.items.length === 0 ? 'Nothing on this page' : `${first}–${last} of ${page.total} ${what}`}
      </p>
      {after.length === 0 && next === null ? null : (
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconChevronLeft size={15} aria-hidden />}
            disabled={after.length === 0}
            onClick={() => onMove(after.slice(0, -1))}
          >
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronRight size={15} aria-hidden />}
            disabled={next === null}
            onClick={() => {
              if (next !== null) onMove([...after, next])
            }}
          >
            Next
          </Button>
        </div>
      )}
    </nav>
  )
}

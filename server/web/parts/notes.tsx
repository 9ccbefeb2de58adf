// What stands in a page's place while there is nothing, or when something failed: always with what to do next.
import { Button, Code, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconInbox, IconRefresh, type TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { problems, type ProblemCode } from '#shared/problem.ts'
import { ServerProblem } from '../data/client.ts'
import classes from './notes.module.css'
import { useWords } from './words.ts'

interface EmptyNoteProps {
  readonly title: string
  readonly icon?: TablerIcon
  /** What to do, or why it is fine. */
  readonly children?: ReactNode
}

export function EmptyNote({ title, icon: Icon = IconInbox, children }: EmptyNoteProps) {
  return (
    <div className={classes.note}>
      <Icon size={28} stroke={1.5} aria-hidden className={classes.icon} />
      <p className={classes.title}>{title}</p>
      <div className={classes.text}>{children}</div>
    </div>
  )
}

interface ProblemNoteProps {
  readonly error: Error
  readonly retry?: (() => void) | undefined
}

export function ProblemNote({ error, retry }: ProblemNoteProps) {
  const words = useWords()
  const problem = error instanceof ServerProblem ? error.problem : null
  const code = problem?.code ?? ''
  const known = Object.keys(problems).find((candidate): candidate is ProblemCode => candidate === code)
  return (
    <div className={`${classes.problem} tone-danger`} role="alert">
      <IconAlertTriangle size={20} stroke={2} aria-hidden className={classes.warn} />
      <div className={classes.said}>
        <p className={classes.title}>{problem?.title ?? 'This page failed'}</p>
        <p className="wrap-anywhere">{problem === null ? error.message : problem.detail}</p>
        {known === undefined ? null : <p className="dim">{words.problem[known]}</p>}
        <ProblemDetails error={error} />
        {code === '' ? null : (
          <p className="dim small">
            Code: <Code>{code}</Code>
          </p>
        )}
        {retry === undefined ? null : (
          <div>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={15} aria-hidden />}
              onClick={retry}
            >
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

/** The single mistakes that a problem lists, such as those of a policy, each with its place. */
function ProblemDetails({ error }: { readonly error: Error }) {
  const errors = error instanceof ServerProblem ? (error.problem.errors ?? []) : []
  if (errors.length === 0) return null
  return (
    <ul className={classes.errors}>
      {errors.map((one) => (
        <li key={`${one.code} ${one.path.join('.')} ${one.message}`}>
          {one.path.length === 0 ? null : <Code>{one.path.join('.')}</Code>} {one.message}
        </li>
      ))}
    </ul>
  )
}

/** Grey lines where text will be. */
export function LinesSkeleton({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div className={classes.lines} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={14} width={`${92 - ((index * 17) % 38)}%`} radius="sm" />
      ))}
    </div>
  )
}

// Shows what a query brought; until then grey lines, and on failure what went wrong with a way to try again.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LinesSkeleton, ProblemNote } from './notes.tsx'

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  readonly skeleton?: ReactNode
  readonly children: (data: T) => ReactNode
}

export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  // Data at hand is shown even when a later refresh failed; the failure then stands above it.
  const problem =
    query.error === null ? null : <ProblemNote error={query.error} retry={() => void query.refetch()} />
  if (query.data === undefined) return problem ?? skeleton ?? <LinesSkeleton />
  return (
    <>
      {problem}
      {children(query.data)}
    </>
  )
}

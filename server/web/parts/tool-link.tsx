// Names of tools that lead to their pages, one or as in speech.
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { Inert } from './inert-text.tsx'

interface ToolLinkProps {
  readonly id: string
  readonly name: string
  readonly className?: string | undefined
}

export function ToolLink({ id, name, className }: ToolLinkProps) {
  return (
    <Link to="/tools/$toolId" params={{ toolId: id }} search={{}} {...(className ? { className } : {})}>
      <Inert text={name} max={48} />
    </Link>
  )
}

/** `a, b and c` of things to show; each with a key. */
export function Listed({
  items,
  last = 'and',
}: {
  readonly items: readonly (readonly [string, ReactNode])[]
  readonly last?: string
}) {
  return (
    <>
      {items.map(([key, item], index) => (
        <Fragment key={key}>
          {index === 0 ? null : index === items.length - 1 ? ` ${last} ` : ', '}
          {item}
        </Fragment>
      ))}
    </>
  )
}

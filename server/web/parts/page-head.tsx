// The head of a page: its one h1, a sentence about it and its actions. Also names the browser's tab.
import { useEffect, type ReactNode } from 'react'
import classes from './page-head.module.css'

interface PageHeadProps {
  readonly title: string
  /** What to show in place of the plain title, such as a pseudonym with a button. */
  readonly shown?: ReactNode
  readonly about?: ReactNode
  readonly above?: ReactNode
  readonly action?: ReactNode
}

export function PageHead({ title, shown, about, above, action }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Cutoff`
  }, [title])
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {above}
        <h1>{shown ?? title}</h1>
        {about === undefined ? null : <p className="dim">{about}</p>}
      </div>
      {action === undefined ? null : <div className={classes.action}>{action}</div>}
    </header>
  )
}

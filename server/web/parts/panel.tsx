// A titled part of a page.
import { useId, type ReactNode } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  readonly title?: string
  readonly about?: ReactNode
  readonly action?: ReactNode
  /** No padding around the content, for tables. */
  readonly flush?: boolean
  readonly className?: string | undefined
  readonly children: ReactNode
}

export function Panel({ title, about, action, flush = false, className, children }: PanelProps) {
  const id = useId()
  return (
    <section
      className={`${classes.panel} ${className ?? ''}`}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title === undefined ? null : (
        <div className={classes.head}>
          <div>
            <h2 id={id}>{title}</h2>
            {about === undefined ? null : <p className="dim small">{about}</p>}
          </div>
          {action === undefined ? null : <div className={classes.action}>{action}</div>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}

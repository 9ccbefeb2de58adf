// An account or a device, by its pseudonym; by its name only while an audited look is open.
import { IconEye } from '@tabler/icons-react'
import type { Subject } from '#shared/api.ts'
import { inert } from '#shared/inert.ts'
import classes from './subject-name.module.css'
import { Inert } from './inert-text.tsx'

interface WhereaboutsProps {
  readonly account: Subject | null
  readonly host: Subject
  readonly stacked?: boolean
}

export function SubjectName({ subject, max = 40 }: { readonly subject: Subject; readonly max?: number }) {
  if (subject.name === null) return <span className={classes.pseudonym}>{inert(subject.label)}</span>
  return (
    <span className={classes.named}>
      <IconEye size={14} aria-hidden className={classes.eye} />
      <Inert text={subject.name} max={max} />
      <span className="visually-hidden"> (name shown, recorded)</span>
    </span>
  )
}

/** The account, or that it concerns the machine as a whole. */
export function AccountName({ account }: { readonly account: Subject | null }) {
  return account === null ? <span className="dim">whole machine</span> : <SubjectName subject={account} />
}

/** `account-3f9a on device-81c2`; in a table the device stands below. */
export function Whereabouts({ account, host, stacked = false }: WhereaboutsProps) {
  return (
    <span className={stacked ? classes.stacked : classes.whereabouts}>
      <AccountName account={account} />{' '}
      <span className="dim nowrap">
        on <SubjectName subject={host} />
      </span>
    </span>
  )
}

// The quieter parts of a finding: what is missing, what would have changed it, the table of rows, and what it was judged by.
import { Link } from '@tanstack/react-router'
import type { FindingDetail } from '#shared/api.ts'
import { readMissing } from '#shared/words.ts'
import { tableRows } from '#shared/words/vocabulary.ts'
import { Inert } from '../parts/inert-text.tsx'
import { Whereabouts } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import classes from './finding.module.css'

export function Missing({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords()
  if (finding.missing.length === 0) return null
  return (
    <div>
      <p>
        <strong>What is missing:</strong>
      </p>
      <ul className={classes.reasons}>
        {finding.missing.map((entry) => {
          const { text, name } = readMissing(words, entry)
          return (
            <li key={entry}>
              {name === null ? null : (
                <>
                  <Inert text={name} max={60} mono />
                  {': '}
                </>
              )}
              {text}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Who else reported the same sessions: where to look when whose use it was is in doubt. */
export function SharedWith({ finding }: { readonly finding: FindingDetail }) {
  if (finding.sharedWith.length === 0) return null
  return (
    <div>
      <p>
        <strong>The same sessions were also reported by:</strong>
      </p>
      <ul className={classes.reasons}>
        {finding.sharedWith.map(({ device, host, account }) => (
          <li key={`${device} ${account?.key ?? ''}`}>
            <Whereabouts account={account} host={host} />{' '}
            <Link to="/devices/$deviceId" params={{ deviceId: device }} search={{}}>
              Open the device<span className="visually-hidden"> {host.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

export function WouldChange({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords()
  if (finding.wouldChange.length === 0) return null
  return (
    <section className={classes.section} aria-labelledby="change">
      <h2 id="change">What would have changed it</h2>
      <ul className={classes.reasons}>
        {finding.wouldChange.map((code) => (
          <li key={code}>{words.wouldChange[code]}</li>
        ))}
      </ul>
    </section>
  )
}

/** The whole table, so that anybody can check the reasoning; the row that decided stands out. */
export function JudgementTable({ row }: { readonly row: number | null }) {
  const words = useWords()
  return (
    <details className={classes.fold}>
      <summary>How every sign of life is judged</summary>
      <p className="dim small">
        For each sign of life the first row that applies decides. The finding is the worst of them.
      </p>
      <ol className={classes.rows}>
        {tableRows.map((number) => (
          <li
            key={number}
            data-decided={number === row || undefined}
            aria-current={number === row ? 'true' : undefined}
          >
            <span className={classes.rowNumber}>{number}</span>
            <span>
              {words.row[number].when}: <strong>{words.row[number].result}</strong>.
              {number === row ? <span className={classes.decided}>This row decided</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

export function Provenance({ finding }: { readonly finding: FindingDetail }) {
  return (
    <dl className={classes.provenance}>
      <div>
        <dt>Rule</dt>
        <dd>{finding.rule === null ? 'none' : <Link to="/policy">{finding.rule}</Link>}</dd>
      </div>
      <div>
        <dt>Policy version</dt>
        <dd>{finding.policyVersion ?? 'none'}</dd>
      </div>
      <div>
        <dt>Catalogue</dt>
        <dd>
          <Inert text={finding.catalogue} max={24} mono />
        </dd>
      </div>
      <div>
        <dt>Judged</dt>
        <dd>
          <TimeText at={finding.judgedAt} />
        </dd>
      </div>
    </dl>
  )
}

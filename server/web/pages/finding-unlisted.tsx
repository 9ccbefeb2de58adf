// What a finding about something that is in no catalogue rests on: what it does as AI coding agents do, in plain words.
import type { FindingDetail } from '#shared/api.ts'
import { Inert } from '../parts/inert-text.tsx'
import { useWords } from '../parts/words.ts'
import classes from './finding.module.css'

export function Behaviours({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords()
  return (
    <section className={classes.section} aria-labelledby="behaviours">
      <h2 id="behaviours">What it does that AI coding agents do</h2>
      {finding.behaviours.length === 0 ? (
        <p className="dim">Nothing that is stored any more.</p>
      ) : (
        <ul className={classes.reasons}>
          {finding.behaviours.map(({ behaviour, signal }) => (
            <li key={`${behaviour} ${signal}`}>
              <strong>{words.behaviour[behaviour].label}</strong> (<Inert text={signal} max={80} mono />
              ). {words.behaviour[behaviour].about}
            </li>
          ))}
        </ul>
      )}
      <p className="dim small">
        Its name and these are all that left the device. <span className="mono">*</span> stands for a part
        that stays there; <span className="mono">cutoff-agent scan</span> shows the full paths.
      </p>
    </section>
  )
}

/** `npm package`, or that it is known by its folder alone. */
export function SubjectKind({ finding }: { readonly finding: FindingDetail }) {
  if (finding.unlisted === null) return null
  const { source } = finding.unlisted
  return <span>{source === 'home' ? 'A folder in the account’s home' : `Installed by ${source}`}</span>
}

// A link that leads out of the dashboard: the page behind it learns neither where it came from nor how to reach back.
import { noted } from '#shared/words/phrase.ts'
import { Inert } from './inert-text.tsx'
import { PhraseText } from './phrase-text.tsx'

/** Anything but an http address is shown as a note. */
export function OutsideLink({ href }: { readonly href: string }) {
  if (!/^https?:\/\//u.test(href)) return <PhraseText phrase={noted(href)} />
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="wrap-anywhere">
      <Inert text={href} />
      <span className="visually-hidden"> (opens a new window)</span>
    </a>
  )
}

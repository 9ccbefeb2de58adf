// By how much a mark's times disagree, and with which other time; nothing where that is not known.
import type { JudgedMark } from '#shared/finding.ts'
import { disagreementText } from '#shared/words/time-words.ts'
import { instantText } from '../view/time.ts'
import { useClock } from './clock.tsx'
import { useWords } from './words.ts'

interface DisagreementNoteProps {
  readonly mark: JudgedMark | undefined
  /** Says what may lie behind it, too. */
  readonly behind?: boolean
  readonly className?: string | undefined
}

export function DisagreementNote({ mark, behind = false, className }: DisagreementNoteProps) {
  const words = useWords()
  const clock = useClock()
  const told = mark && disagreementText(words.times, mark, (at) => instantText(at, clock, true))
  if (told == null) return null
  const text = behind && told.behind !== null ? `${told.text} ${told.behind}` : told.text
  return <span className={className}> {text}</span>
}

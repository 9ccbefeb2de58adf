// An instant in the viewer's zone; the exact UTC and the zone on hover, and the uncertainty said where there is one.
import { Tooltip } from '@mantine/core'
import { agoText, instantText, uncertaintyText, utcText, zoneText } from '../view/time.ts'
import { useClock } from './clock.tsx'

interface TimeTextProps {
  readonly at: number | null
  /** Shows how long ago instead of when. */
  readonly ago?: boolean
  readonly seconds?: boolean
  readonly uncertaintyMs?: number
  /** What to say when there is no instant. */
  readonly none?: string
}

export function TimeText({ at, ago = false, seconds = false, uncertaintyMs = 0, none = '–' }: TimeTextProps) {
  const clock = useClock()
  if (at === null) return <span className="dim">{none}</span>
  const shown = instantText(at, clock, seconds)
  const doubt = uncertaintyText(uncertaintyMs)
  const exact = `${utcText(at)}${doubt === '' ? '' : ` ${doubt}`}`
  const label = ago ? `${shown} · ${exact}` : `${exact} · shown in ${zoneText(at, clock)}`
  return (
    <Tooltip label={label} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={new Date(at).toISOString()} className="number">
        <span className="nowrap">{ago ? agoText(at, clock.now, clock.locale) : shown}</span>
        {doubt === '' ? null : <span className="dim nowrap"> {doubt}</span>}
      </time>
    </Tooltip>
  )
}

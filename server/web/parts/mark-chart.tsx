// The marks on a line of time against the announcement and the cutoff. A picture of the table that follows it, which says the same.
import type { JudgedMark } from '#shared/finding.ts'
import { placeMark, shareOf, spanOf, ticksOf, type Span } from '../view/mark-scale.ts'
import { verdictTone } from '../view/tone.ts'
import { dayText, instantText } from '../view/time.ts'
import { useClock } from './clock.tsx'
import classes from './mark-chart.module.css'
import { useWords } from './words.ts'

interface MarkChartProps {
  readonly marks: readonly JudgedMark[]
  readonly cutoff: number | null
  readonly notice: number | null
}

const dayMs = 86_400_000
const left = (share: number) => `${share * 100}%`

export function MarkChart({ marks, cutoff, notice }: MarkChartProps) {
  const clock = useClock()
  const words = useWords()
  const edges = [notice, cutoff].flatMap((at) => (at === null ? [] : [{ at, uncertaintyMs: 0 }]))
  const span = spanOf([...marks, ...edges])
  if (span === null) return null
  const ticks = ticksOf(span, 6, -new Date(span.from).getTimezoneOffset() * 60_000)
  const long = span.until - span.from > 3 * dayMs
  const kinds = (['session', 'attempt', 'run', 'presence'] as const).filter((kind) =>
    marks.some((mark) => mark.kind === kind),
  )
  return (
    <figure
      className={classes.chart}
      aria-label={`${marks.length} signs of life on a line of time; the table below lists them.`}
    >
      <div className={classes.plot} aria-hidden>
        <div className={classes.ground}>
          {cutoff === null ? null : (
            <div className={classes.banned} style={{ left: left(shareOf(cutoff, span)) }} />
          )}
          {ticks.map((tick) => (
            <div key={tick} className={classes.tick} style={{ left: left(shareOf(tick, span)) }} />
          ))}
          {notice === null ? null : <Edge kind="notice" share={shareOf(notice, span)} label="announced" />}
          {cutoff === null ? null : <Edge kind="cutoff" share={shareOf(cutoff, span)} label="cutoff" />}
        </div>
        {kinds.map((kind) => (
          <div key={kind} className={classes.lane}>
            <span className={classes.laneName}>{words.markKind[kind].label}</span>
            <span className={classes.track}>
              {marks
                .filter((mark) => mark.kind === kind)
                .map((mark) => (
                  <ChartMark
                    key={`${mark.at} ${mark.signal} ${mark.session ?? ''}`}
                    mark={mark}
                    span={span}
                  />
                ))}
            </span>
          </div>
        ))}
        <div className={classes.axis}>
          {ticks.map((tick) => {
            const share = shareOf(tick, span)
            if (share < 0.03 || share > 0.97) return null
            return (
              <span key={tick} style={{ left: left(share) }}>
                {long
                  ? dayText(tick, clock).replace(/ \d{4}$/u, '')
                  : instantText(tick, clock).split(', ').at(-1)}
              </span>
            )
          })}
        </div>
      </div>
      <figcaption className={classes.legend}>
        <span>
          <span className={classes.sample} data-basis="witnessed" /> witnessed
        </span>
        <span>
          <span className={classes.sample} data-basis="found" /> found in files
        </span>
        <span>
          <span className={classes.sampleBar} /> uncertainty of its time
        </span>
      </figcaption>
    </figure>
  )
}

interface EdgeProps {
  readonly kind: 'notice' | 'cutoff'
  readonly share: number
  readonly label: string
}

function Edge({ kind, share, label }: EdgeProps) {
  return (
    <div
      className={classes.edge}
      data-kind={kind}
      data-flip={share > 0.8 || undefined}
      style={{ left: left(share) }}
    >
      <span>{label}</span>
    </div>
  )
}

function ChartMark({ mark, span }: { readonly mark: JudgedMark; readonly span: Span }) {
  const place = placeMark(mark, span)
  return (
    <span className={`tone-${verdictTone[mark.verdict]}`}>
      <span
        className={classes.doubt}
        style={{ left: left(place.from), width: left(place.until - place.from) }}
      />
      <span className={classes.mark} data-basis={mark.basis} style={{ left: left(place.at) }} />
    </span>
  )
}

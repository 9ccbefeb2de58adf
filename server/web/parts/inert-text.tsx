// Text that came from a device, shown so that it can neither hide nor reorder anything. React keeps it from being markup.
import { inert, inertShort } from '#shared/inert.ts'

interface InertProps {
  readonly text: string
  /** Longest number of characters; the whole is then on hover. */
  readonly max?: number
  readonly mono?: boolean
}

export function Inert({ text, max, mono = false }: InertProps) {
  const whole = inert(text)
  const shown = max === undefined ? whole : inertShort(text, max)
  return (
    <bdi className={mono ? 'mono wrap-anywhere' : 'wrap'} title={shown === whole ? undefined : whole}>
      {shown}
    </bdi>
  )
}

// The viewer's clock: zone, locale and a now that moves every half minute. The only place that reads them from the browser.
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import type { Clock } from '../view/time.ts'

export interface LiveClock extends Clock {
  readonly now: number
}

function readClock(): LiveClock {
  return { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, locale: 'en-GB', now: Date.now() }
}

const ClockContext = createContext<LiveClock | null>(null)

export function ClockProvider({ children }: { readonly children: ReactNode }) {
  const [clock, setClock] = useState(readClock)
  useEffect(() => {
    const timer = setInterval(() => setClock(readClock()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return <ClockContext value={clock}>{children}</ClockContext>
}

export function useClock(): LiveClock {
  const clock = useContext(ClockContext)
  if (clock === null) throw new Error('useClock outside of ClockProvider')
  return clock
}

// What of a device's facts has changed since it was last judged: what has to be judged again, and how much of it.

import type { MarkFact } from '../store/facts.ts'

/** A detection to judge: all of its marks again, or only those that are new. */
export interface TouchedDetection {
  again: boolean
  readonly marks: MarkFact[]
}

export interface Touched {
  /** Everything that is held of the device, its clock having changed or the rules. */
  all: boolean
  readonly detections: Map<string, TouchedDetection>
}

export function nothingTouched(): Touched {
  return { all: false, detections: new Map() }
}

export function everything(): Touched {
  return { all: true, detections: new Map() }
}

/** A detection's place in {@link Touched}. */
export function detectionKey(account: string, tool: string): string {
  return `${account}\0${tool}`
}

/** Notes that a detection changed; its marks have not. */
export function touch(touched: Touched, account: string, tool: string): TouchedDetection {
  const key = detectionKey(account, tool)
  const known = touched.detections.get(key)
  if (known) return known
  const made: TouchedDetection = { again: false, marks: [] }
  touched.detections.set(key, made)
  return made
}

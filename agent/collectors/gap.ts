// How an obstacle that the gateway met becomes a gap with a collector, an account and a time. Pure.
import type { Gap } from '#shared/observation.ts'
import type { Obstacle } from '../platform/files.ts'

/** Collects the gaps of one collector in one look. */
export interface GapList {
  readonly gaps: readonly Gap[]
  readonly add: (account: string | null, obstacle: Obstacle | null) => void
}

const maxDetailLength = 200

/** `add` takes null too, which is what a missing file gives. One gap is kept per account, path and reason. */
export function gapList(collector: string, at: number): GapList {
  const gaps = new Map<string, Gap>()
  return {
    get gaps() {
      return [...gaps.values()]
    },
    add(account, obstacle) {
      if (obstacle === null) return
      const { reason, path, detail } = obstacle
      const key = `${account ?? ''}\0${reason}\0${path}`
      if (gaps.has(key)) return
      gaps.set(key, {
        collector,
        account,
        path,
        reason,
        detail: detail?.slice(0, maxDetailLength) ?? null,
        at,
      })
    },
  }
}

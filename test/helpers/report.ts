// Counts the tests in what vitest's JSON reporter wrote, and says what failed and what was skipped.
import { relative, sep } from 'node:path'
import { z } from 'zod'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** One line for each failure and for each file with skipped tests. */
  readonly notes: readonly string[]
}

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    notes: [...one.notes, ...other.notes],
  }
}

/** The counts of one report; a report that is not there or not one counts nothing. */
export function countReport(report: unknown, root: string): Counts {
  const parsed = Report.safeParse(report)
  let total: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  if (!parsed.success) return total
  for (const file of parsed.data.testResults) {
    const path = relative(root, file.name).split(sep).join('/')
    const having = (...statuses: readonly string[]) =>
      file.assertionResults.filter((test) => statuses.includes(test.status))
    const failures = having('failed')
    const skipped = having('skipped', 'pending', 'todo', 'disabled').length
    const notes = failures.map((test) => `failed: ${path}: ${test.fullName}`)
    // A file that does not load has no tests to fail.
    const unloaded = file.status === 'failed' && failures.length === 0
    if (unloaded) notes.push(`failed: ${path}: the file did not run`)
    if (skipped > 0) notes.push(`skipped: ${path}: ${skipped}`)
    total = addCounts(total, {
      passed: having('passed').length,
      failed: failures.length + (unloaded ? 1 : 0),
      skipped,
      notes,
    })
  }
  return total
}

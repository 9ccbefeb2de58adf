// Candidates for the catalogue as the server knows them: their names, what stands for them where a tool's id does, and what a
// policy makes of them, which is a question and never a verdict on anybody. Pure.
import { z } from 'zod'
import type { PolicyVersion } from './rules.ts'

export const Behaviour = z.enum([
  'agent-dependency', // a package with a command that is built with an SDK for models, or for servers of tools for models
  'agent-mark', // a program that marks what it starts as an agent's
  'mcp-settings', // a folder with the settings of a client of the Model Context Protocol
  'session-records', // a folder with records in which a model answered
])
export type Behaviour = z.infer<typeof Behaviour>

/** A package by its manager and name, or a folder of a home by its own name; `home` is the source of folders. */
export interface Subject {
  readonly source: string
  readonly name: string
}

/** What leaves the device of a candidate is this name: one that could hold anything else is not told. */
export const SubjectName = z
  .string()
  .regex(/^(?:@?[\w.~-]+\/)?[\w.~+-]+$|^~\/(?:\.config\/)?[\w.-]+$/)
  .max(214)

export const SubjectSource = z.string().regex(/^[a-z-]{1,64}$/)

/** Why something is a candidate, as it leaves the device. */
export const ToldBehaviour = z.strictObject({
  behaviour: Behaviour.describe('what it does that such agents do'),
  signal: z
    .string()
    .max(300)
    .describe('by which library, variable or place, of a list that comes with the agent'),
})
export type ToldBehaviour = z.infer<typeof ToldBehaviour>

/** What stands for a candidate where a tool's id does. Never one: an id has no colon. */
export const UnlistedId = z.string().regex(/^unlisted:[a-z-]{1,64}:.{1,214}$/u)

export function unlistedId({ source, name }: Subject): string {
  return `unlisted:${source}:${name}`
}

/** Null for what is no such id. */
export function readUnlistedId(id: string): Subject | null {
  const [, source, name] = /^unlisted:([a-z-]{1,64}):(.{1,214})$/su.exec(id) ?? []
  return source === undefined || name === undefined ? null : { source, name }
}

/** What a policy makes of a candidate: put up for review, or nothing. Never anything else, whatever its rules say. */
export function judgeUnlisted(
  versions: readonly PolicyVersion[],
  now: number,
): { readonly status: 'review'; readonly policyVersion: number } | null {
  const inForce = versions
    .filter(({ activatedAt }) => activatedAt <= now)
    .reduce<PolicyVersion | null>(
      (newest, v) => (newest === null || v.activatedAt >= newest.activatedAt ? v : newest),
      null,
    )
  if (inForce?.policy.unlisted.verdict !== 'review') return null
  return { status: 'review', policyVersion: inForce.policy.version }
}

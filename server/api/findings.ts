// Findings: the list, one with its marks (a look at a person's timeline, so it is audited), and its lifecycle.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { LifecycleChange, type FindingDetail } from '#shared/api.ts'
import type { Doubt } from '#shared/detection.ts'
import { FindingStatus, Lifecycle } from '#shared/finding.ts'
import { ToolId } from '#shared/tool.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import { worstOf } from '../judging/judge-device.ts'
import { judgeFacts } from '../judging/judge-facts.ts'
import { behavioursOf } from '../judging/judge-unlisted.ts'
import type { RulesReader } from '../judging/rulebook.ts'
import { clockOf, doubtsOf, toCoverage } from '../judging/detections.ts'
import { adminRole, everyRole } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit } from '../store/audit.ts'
import { changeDevice } from '../store/devices.ts'
import { clocksOf, coverageOf, detectionFact, marksOf, type MarkFact } from '../store/facts.ts'
import {
  addLifecycle,
  changeFinding,
  findingById,
  findingsOfDevice,
  lifecyclesOf,
} from '../store/findings.ts'
import { findingRow, listFindings } from '../store/lists/finding-list.ts'
import { otherHolders, type Holder } from '../store/sessions-seen.ts'
import type { Queries } from '../store/store.ts'
import { unlistedFact } from '../store/unlisted.ts'
import { namesFor, type Names } from './names.ts'
import { flag, many, Paging, readCursor, toPage } from './paging.ts'
import { toFindingRow, toolName, toolsLike } from './rows.ts'
import { WireEvidence } from '#shared/protocol.ts'
import { bodyOf } from '../judging/verdict.ts'
import { compareText } from '#shared/text-order.ts'

const Query = Paging.extend({
  status: many(FindingStatus),
  lifecycle: many(Lifecycle),
  tool: many(ToolId),
  device: z.string().max(64).optional(),
  /** Only what is in no catalogue, or only what is. */
  unlisted: flag,
  q: z.string().max(200).optional(),
  /** `since` rising, `-since` falling. */
  sort: z
    .string()
    .regex(/^-?(worst|status|last|since|changed|tool|lifecycle)$/)
    .default('-worst'),
})
const Cursor = z.object({ value: z.union([z.string(), z.number()]), last: z.number(), id: z.string() })
/** The newest; a page with more would help nobody. */
const maxMarks = 2000
const maxShared = 20
const sharingDoubts: readonly Doubt[] = ['another-device', 'another-account']
const Id = z.object({ id: z.string().max(64) })

export function findingRoutes(app: FastifyInstance, context: Context, readRules: RulesReader): void {
  const { store } = context

  app.get('/findings', { config: { role: everyRole } }, async (request) => {
    const query = parseOr(Query, request.query, 'bad-request')
    const descending = query.sort.startsWith('-')
    const named = query.sort.replace('-', '')
    const text = query.q?.trim() ?? ''
    const { rows, total } = await listFindings(store.read, {
      filter: {
        status: query.status,
        lifecycle: query.lifecycle,
        tool: query.tool,
        device: query.device,
        unlisted: query.unlisted,
        text: text === '' ? undefined : { text, tools: toolsLike(context, text) },
      },
      // The pattern above admits these and no other.
      sort: (named === 'status' ? 'worst' : named) as
        | 'worst'
        | 'last'
        | 'since'
        | 'changed'
        | 'tool'
        | 'lifecycle',
      descending,
      after: readCursor(context.keys, Cursor, query),
      limit: query.limit + 1,
    })
    const names = await namesFor(context, sessionOf(request))
    return toPage(
      context.keys,
      rows,
      total,
      query.limit,
      (last) => ({ value: last.sort_value, last: last.last_mark_at ?? 0, id: last.id }),
      (row) => toFindingRow(context, names, row),
    )
  })

  app.get('/findings/:id', { config: { role: everyRole } }, async (request): Promise<FindingDetail> => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const session = sessionOf(request)
    const row = await findingRow(store.read, id)
    if (row === undefined) throw new RequestProblem('not-found')
    const note = { at: context.now(), by: session.user, action: 'look-finding', subject: id, reason: null }
    await store.write((db) => addAudit(db, note))

    const rules = await readRules(store.read)
    const fact = await detectionFact(store.read, row.device, row.account, row.tool)
    const coverage = (await coverageOf(store.read, row.device)).map(toCoverage)
    const clocks = (await clocksOf(store.read, row.device)).map(clockOf)
    const marks = fact === undefined ? [] : await marksOf(store.read, row.device, row.account, row.tool)
    const facts = fact === undefined ? [] : [{ detection: fact, marks }]
    const [judged] = judgeFacts(
      context,
      rules,
      { device: row.device, clocks, coverage },
      facts,
      context.now(),
    )
    const own =
      coverage.find((c) => (c.account ?? '') === row.account) ?? coverage.find((c) => c.account === null)
    const unlisted = await unlistedFact(store.read, row.device, row.account, row.tool)
    const rule = rules.versions
      .find(({ policy }) => policy.version === row.policy_version)
      ?.policy.rules.find((one) => one.id === row.rule)
    const body = bodyOf(row)
    const names = await namesFor(context, session)
    return {
      ...toFindingRow(context, names, row),
      marks: judged?.finding?.marks.slice(-maxMarks) ?? [],
      cutoff: body.cutoff,
      notice: body.notice,
      policyVersion: row.policy_version,
      catalogue: body.catalogue,
      usedBeforeCutoff: body.usedBeforeCutoff,
      wouldChange: body.wouldChange,
      missing: body.missing,
      coverageDetail: own === undefined ? null : withoutDevice(own),
      evidence: WireEvidence.array().parse(fact === undefined ? [] : JSON.parse(fact.evidence)),
      behaviours: unlisted === undefined ? [] : behavioursOf(unlisted),
      history: (await lifecyclesOf(store.read, id)).map(({ at, by, lifecycle, reason }) => ({
        at,
        by,
        lifecycle: Lifecycle.parse(lifecycle),
        reason,
      })),
      sharedWith: await sharedWith(store.read, names, row, marks),
      instead: (rule?.instead ?? []).map((tool) => ({ tool, name: toolName(context, tool) })),
    }
  })

  const change = async (request: FastifyRequest): Promise<void> => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const { lifecycle, reason } = parseOr(LifecycleChange, request.body, 'bad-request')
    const { user } = sessionOf(request)
    const at = context.now()
    const found = await store.write(async (db) => {
      const row = await findingById(db, id)
      if (row === undefined) return false
      await changeFinding(db, id, {
        lifecycle,
        closed_mark_at: lifecycle === 'closed' ? row.last_mark_at : null,
      })
      await addLifecycle(db, { finding: id, at, by: user, lifecycle, reason })
      await addAudit(db, { at, by: user, action: `finding-${lifecycle}`, subject: id, reason })
      await changeDevice(db, row.device, worstOf(await findingsOfDevice(db, row.device)))
      return true
    })
    if (!found) throw new RequestProblem('not-found')
  }
  app.patch('/findings/:id', { config: { role: adminRole } }, async (request, reply) => {
    await change(request)
    return reply.code(204).send()
  })
  app.post('/findings/:id/lifecycle', { config: { role: adminRole } }, async (request, reply) => {
    await change(request)
    return reply.code(204).send()
  })
}

/** Who else reported sessions of these marks, in the order of lists. */
async function sharedWith(
  db: Queries,
  names: Names,
  holder: Holder,
  marks: readonly MarkFact[],
): Promise<FindingDetail['sharedWith']> {
  const doubted = marks.filter((mark) => doubtsOf(mark).some((doubt) => sharingDoubts.includes(doubt)))
  const sessions = [...new Set(doubted.map((mark) => mark.session))].slice(-maxMarks)
  if (sessions.length === 0) return []
  const others = await otherHolders(db, sessions, holder, maxShared)
  return others
    .map(({ device, account, label, hostname }) => ({
      device,
      host: names.host({ id: device, label, hostname }),
      account: names.account(device, account),
    }))
    .toSorted(
      (a, b) => compareText(a.device, b.device) || compareText(a.account?.key ?? '', b.account?.key ?? ''),
    )
}

function withoutDevice({ account, state, at, catalogue, gaps }: ReturnType<typeof toCoverage>) {
  return { account, state, at, catalogue, gaps }
}

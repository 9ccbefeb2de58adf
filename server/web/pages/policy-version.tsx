// One version of the policy: since when, by whom, each rule in words with its dates, and how many findings rest on it.
import { IconBan, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PolicyVersionRow } from '#shared/api.ts'
import type { Rule } from '#shared/policy.ts'
import { tools } from '../data/resources.ts'
import { Badge, StatusBadge } from '../parts/badge.tsx'
import { useClock } from '../parts/clock.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { Panel } from '../parts/panel.tsx'
import { RuleTools } from '../parts/rule-tools.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import { ruleSentences, type RuleContext } from '../view/rule-words.ts'
import { statusOrder } from '../view/tone.ts'
import classes from './policy.module.css'

export function PolicyVersion({ row }: { readonly row: PolicyVersionRow }) {
  const body = (
    <>
      <p className="dim small">
        In force from <TimeText at={row.activatedAt} />, applied by <Inert text={row.activatedBy} max={40} />.
        Days in it mean the first moment of the day in {row.policy.timezone}.
      </p>
      <Counts row={row} />
      <ol className={classes.rules}>
        {row.policy.rules.map((rule) => (
          <RuleItem key={rule.id} rule={rule} row={row} />
        ))}
        <li className={classes.rule}>
          <p>
            <strong>Everything else:</strong>{' '}
            {row.policy.unlisted.verdict === 'review' ? 'is put up for review, never more.' : 'is allowed.'}
          </p>
        </li>
      </ol>
      <p className="dim small">
        {row.policy.collect.inventory === 'full'
          ? 'The agents report the whole inventory of installed programs, by name and version.'
          : 'The agents report only tools of the catalogue.'}{' '}
        {row.policy.collect.confirmUse
          ? 'They read the few structural keys of session records that tell a held session from an attempt; never text.'
          : 'They do not look into session records, so use is told by the records’ names and times alone.'}
      </p>
    </>
  )
  if (row.inForce) return <Panel title={`Version ${row.version}, in force`}>{body}</Panel>
  return (
    <Panel>
      <details className={classes.old}>
        <summary>
          Version {row.version}, from <TimeText at={row.activatedAt} />
        </summary>
        <div className={classes.oldBody}>{body}</div>
      </details>
    </Panel>
  )
}

function Counts({ row }: { readonly row: PolicyVersionRow }) {
  const shown = statusOrder.filter((status) => (row.findings[status] ?? 0) > 0)
  if (shown.length === 0) return <p className="small">No finding rests on it.</p>
  return (
    <p className={classes.counts}>
      {shown.map((status) => (
        <Link key={status} to="/findings" search={{ status: [status] }} className={classes.count}>
          <span className="number">{row.findings[status]}</span> <StatusBadge status={status} />
        </Link>
      ))}
    </p>
  )
}

function RuleItem({ rule, row }: { readonly rule: Rule; readonly row: PolicyVersionRow }) {
  const words = useWords()
  const known = useQuery(tools())
  const context: RuleContext = {
    words,
    toolName: (id) => known.data?.items.find((tool) => tool.id === id)?.name ?? id,
  }
  const banned = rule.verdict === 'banned'
  return (
    <li className={classes.rule}>
      <div className={classes.ruleHead}>
        <Badge
          tone={banned ? 'danger' : 'good'}
          icon={banned ? IconBan : IconCircleCheck}
          label={banned ? 'Banned' : 'Approved'}
        />
        <h3>
          <RuleTools rule={rule} context={context} />
        </h3>
        <code className="dim">{rule.id}</code>
      </div>
      <Dates rule={rule} row={row} />
      <p className="small">
        {ruleSentences(rule, context)
          .map((sentence) => sentence.text)
          .join(' ')}
      </p>
      {rule.notice === undefined ? null : (
        <blockquote className={classes.notice}>
          <Inert text={rule.notice} />
        </blockquote>
      )}
    </li>
  )
}

function Dates({ rule, row }: { readonly rule: Rule; readonly row: PolicyVersionRow }) {
  const clock = useClock()
  const instants = row.instants.find((one) => one.rule === rule.id)
  if (instants === undefined) return null
  const dates = [
    ['Announced', instants.announced, rule.announced],
    [rule.verdict === 'banned' ? 'Cutoff' : 'From', instants.from, rule.from],
    ['Ends', instants.until, rule.until],
  ] as const
  const shown = dates.filter(([, at]) => at !== null)
  if (shown.length === 0) return null
  return (
    <dl className={classes.dates}>
      {shown.map(([name, at, written]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <TimeText at={at} />{' '}
            <span className="dim small">
              ({at !== null && at > clock.now ? 'ahead, ' : ''}written {written})
            </span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

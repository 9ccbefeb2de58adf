// One finding, as a panel over the list: verdict, why, every mark, evidence, what would have changed it, what people did with it.
import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { FindingDetail } from '#shared/api.ts'
import { rowWords } from '#shared/words.ts'
import { mostAtOdds } from '#shared/words/time-words.ts'
import { finding } from '../data/resources.ts'
import { CoverageBadge, LifecycleBadge, StateBadge, StatusBadge } from '../parts/badge.tsx'
import { DisagreementNote } from '../parts/disagreement.tsx'
import { EvidenceList } from '../parts/evidence-list.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { LifecycleActions } from '../parts/lifecycle-actions.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { MarkChart } from '../parts/mark-chart.tsx'
import { MarkTable } from '../parts/mark-table.tsx'
import { ShowName } from '../parts/show-name.tsx'
import { Whereabouts } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { Listed, ToolLink } from '../parts/tool-link.tsx'
import { useWords } from '../parts/words.ts'
import { JudgementTable, Missing, Provenance, SharedWith, WouldChange } from './finding-parts.tsx'
import { Behaviours, SubjectKind } from './finding-unlisted.tsx'
import classes from './finding.module.css'

const route = getRouteApi('/inside/findings/$findingId')

export function FindingPanel() {
  const { findingId } = route.useParams()
  const navigate = useNavigate()
  const query = useQuery(finding(findingId))
  const title = query.data === undefined ? 'Finding' : query.data.toolName
  const { history } = useRouter()
  const opened = useRouterState({ select: (state) => state.location.state.opened === true })
  // Back to the page it was opened from; an address that was followed from elsewhere has only the list behind it.
  const close = () =>
    opened ? history.back() : void navigate({ to: '/findings', search: (search) => search })
  useEffect(() => {
    document.title = `${title} · Finding · Cutoff`
    return () => {
      document.title = 'Findings · Cutoff'
    }
  }, [title])
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={860}
      lockScroll={false}
      data-scroll-lock
      title={<Inert text={title} max={60} />}
      closeButtonProps={{ 'aria-label': 'Close the finding' }}
      classNames={{ title: classes.title ?? '', header: classes.header ?? '', body: classes.body ?? '' }}
    >
      <Loaded query={query}>{(data) => <Detail finding={data} />}</Loaded>
    </Drawer>
  )
}

function Detail({ finding: data }: { readonly finding: FindingDetail }) {
  return (
    <div className={classes.detail}>
      <div className={classes.badges}>
        <StatusBadge status={data.status} />
        <LifecycleBadge lifecycle={data.lifecycle} />
        {data.unlisted === null ? <StateBadge state={data.state} running={data.running} /> : null}
      </div>
      <div className={classes.who}>
        <p>
          <Whereabouts account={data.account} host={data.host} />
        </p>
        {data.account === null ? null : (
          <ShowName device={data.device} account={data.account} host={data.host} />
        )}
        <Link to="/devices/$deviceId" params={{ deviceId: data.device }} search={{}}>
          Open the device
        </Link>
        {data.unlisted === null ? (
          <span>
            How it is recognised: <ToolLink id={data.tool} name={data.toolName} />
          </span>
        ) : (
          <SubjectKind finding={data} />
        )}
      </div>
      <div className={classes.columns}>
        <Verdict finding={data} />
        <Seen finding={data} />
      </div>
      {data.unlisted === null ? <Grounds finding={data} /> : <Behaviours finding={data} />}
      <section className={classes.section} aria-labelledby="work">
        <h2 id="work">What people did with it</h2>
        <LifecycleActions finding={data} />
      </section>
      {data.unlisted === null ? <JudgementTable row={data.row} /> : null}
      <Provenance finding={data} />
      <p className="dim small">That you opened this finding is recorded in the audit log.</p>
    </div>
  )
}

/** What a finding about a tool rests on. */
function Grounds({ finding: data }: { readonly finding: FindingDetail }) {
  return (
    <>
      <section className={classes.section} aria-labelledby="marks">
        <h2 id="marks">Signs of life that were judged</h2>
        {data.marks.length === 0 ? (
          <p className="dim">None. The verdict rests on what is on the device, not on any use.</p>
        ) : (
          <>
            <MarkChart marks={data.marks} cutoff={data.cutoff} notice={data.notice} />
            <MarkTable marks={data.marks} />
          </>
        )}
        {data.usedBeforeCutoff === true ? (
          <p className="dim small">
            It was also used before the ban. Those uses do not leave the device with a date, and nothing
            follows from them.
          </p>
        ) : null}
      </section>
      <WouldChange finding={data} />
      <section className={classes.section} aria-labelledby="evidence">
        <h2 id="evidence">Evidence</h2>
        <EvidenceList evidence={data.evidence} />
      </section>
    </>
  )
}

function Verdict({ finding: data }: { readonly finding: FindingDetail }) {
  const words = useWords()
  const row = rowWords(words, data.row)
  const term = data.unlisted === null ? words.status[data.status] : words.unlisted
  const disagreeing = data.marks.filter((mark) => mark.reason === 'times-disagree')
  return (
    <section className={classes.verdict} aria-labelledby="verdict">
      <h2 id="verdict">Verdict</h2>
      <p className={classes.about}>{term.about}</p>
      {row === null ? null : (
        <p>
          <strong>Row {row.row} of the judgement table:</strong>{' '}
          {row.when.charAt(0).toLowerCase() + row.when.slice(1)}: {row.result}.
        </p>
      )}
      {data.reasons.length === 0 ? null : (
        <ul className={classes.reasons}>
          {data.reasons.map((reason) => (
            <li key={reason}>
              {words.reason[reason]}
              {reason === 'times-disagree' ? (
                <DisagreementNote mark={mostAtOdds(disagreeing)} behind />
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <Missing finding={data} />
      <SharedWith finding={data} />
      <dl className={classes.dates}>
        {data.since === null ? null : (
          <div>
            <dt>Holds since</dt>
            <dd>
              <TimeText at={data.since} />
            </dd>
          </div>
        )}
        {data.unlisted === null ? (
          <>
            <div>
              <dt>Ban announced</dt>
              <dd>
                <TimeText at={data.notice} none="not announced" />
              </dd>
            </div>
            <div>
              <dt>Ban begins</dt>
              <dd>
                <TimeText at={data.cutoff} none="no date" />
              </dd>
            </div>
          </>
        ) : null}
      </dl>
      <p className={classes.next}>
        <strong>Next:</strong> {term.next}
      </p>
      {data.instead.length === 0 ? null : (
        <p>
          <strong>Approved instead:</strong>{' '}
          <Listed
            items={data.instead.map(({ tool, name }) => [
              tool,
              <ToolLink key={tool} id={tool} name={name} />,
            ])}
            last="or"
          />
        </p>
      )}
    </section>
  )
}

/** Coverage stands beside the verdict: how much could be seen at all. */
function Seen({ finding: data }: { readonly finding: FindingDetail }) {
  const words = useWords()
  const detail = data.coverageDetail
  const state = detail?.state ?? data.coverage
  return (
    <section className={classes.seen} aria-labelledby="seen">
      <h2 id="seen">How much was seen</h2>
      <CoverageBadge state={state} />
      {state === null ? null : <p className="small">{words.coverage[state].about}</p>}
      {detail === null ? null : (
        <>
          <p className="small dim">
            {state === 'not-attested' ? 'Not since ' : 'As of '}
            <TimeText at={detail.at} />
          </p>
          {detail.gaps === 0 ? (
            <p className="small dim">No open gap.</p>
          ) : (
            <p className="small">
              <Link to="/devices/$deviceId" params={{ deviceId: data.device }} search={{ tab: 'coverage' }}>
                {detail.gaps === 1 ? '1 open gap' : `${detail.gaps} open gaps`}
              </Link>
            </p>
          )}
        </>
      )}
    </section>
  )
}

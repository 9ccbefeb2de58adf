// One tool: what it is, where it is in the fleet, how it is recognised, what counts as its use, and what all of that rests on.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ToolDetail } from '#shared/api.ts'
import { noted } from '#shared/words/phrase.ts'
import { countryText, historyText } from '#shared/words/signal-words.ts'
import { tool, tools } from '../data/resources.ts'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { PhraseText } from '../parts/phrase-text.tsx'
import { ToolLink } from '../parts/tool-link.tsx'
import { useWords, wordsLanguage } from '../parts/words.ts'
import { ToolFleet } from './tool-fleet.tsx'
import { MovedHomes, Signals, Sources, TriedOut, Usage } from './tool-parts.tsx'
import classes from './tool.module.css'

const route = getRouteApi('/inside/tools/$toolId')

export function ToolPage() {
  const { toolId } = route.useParams()
  const query = useQuery(tool(toolId))
  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <PageHead
            title={data.name}
            about={<PhraseText phrase={noted(data.about)} />}
            above={
              <p className="small">
                <Link to="/tools" search={{}}>
                  Tools
                </Link>
              </p>
            }
          />
          <div className={classes.page}>
            <What tool={data} />
            <ToolFleet tool={data} />
            <Signals tool={data} />
            <Usage tool={data} />
            <MovedHomes tool={data} />
            <TriedOut tool={data} />
            <Sources tool={data} />
          </div>
        </>
      )}
    </Loaded>
  )
}

function What({ tool: data }: { readonly tool: ToolDetail }) {
  const words = useWords()
  const known = useQuery(tools())
  const nameOf = (id: string) => known.data?.items.find((one) => one.id === id)?.name ?? id
  const { successor, ...rest } = data
  return (
    <Panel title="What it is">
      <dl className={classes.facts}>
        <div>
          <dt>Vendor</dt>
          <dd>
            <Inert text={data.vendor} />
          </dd>
        </div>
        <div>
          <dt>Country</dt>
          <dd>{countryText(words, data.vendorCountry, wordsLanguage)}</dd>
        </div>
        <div>
          <dt>Kind</dt>
          <dd>{words.category[data.category]}</dd>
        </div>
        <div>
          <dt>In policies</dt>
          <dd>
            <code>{data.id}</code>
          </dd>
        </div>
        <div>
          <dt>Homepage</dt>
          <dd>
            <OutsideLink href={data.homepage} />
          </dd>
        </div>
        {successor === undefined ? null : (
          <div>
            <dt>Followed by</dt>
            <dd>
              <ToolLink id={successor.id} name={nameOf(successor.id)} /> since {successor.since}
            </dd>
          </div>
        )}
      </dl>
      {historyText(words, rest, nameOf).map((sentence) => (
        <p key={sentence} className="small">
          <Inert text={sentence} />
        </p>
      ))}
    </Panel>
  )
}

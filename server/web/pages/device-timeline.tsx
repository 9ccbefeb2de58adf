// What changed on one device, newest first, by the server's clock. Changes only: nothing here measures anybody's work.
import { IconTimelineEvent } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { EventRow } from '#shared/api.ts'
import { events, tools } from '../data/resources.ts'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { EmptyNote } from '../parts/notes.tsx'
import { Pager } from '../parts/pager.tsx'
import { Panel } from '../parts/panel.tsx'
import { SubjectName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useClock } from '../parts/clock.tsx'
import { useWords } from '../parts/words.ts'
import { eventSentence, eventTone, isOfADay } from '../view/event-words.ts'
import { pageSize, tidy } from '../view/selection.ts'
import { dayText } from '../view/time.ts'
import classes from './device.module.css'

const route = getRouteApi('/inside/devices/$deviceId')

export function DeviceTimeline({ device }: { readonly device: string }) {
  const selection = route.useSearch()
  const navigate = useNavigate()
  const { after = [] } = selection
  const query = useQuery(events({ device, cursor: after.at(-1), limit: pageSize }))
  const names = useQuery(tools())
  const nameOf = (id: string) => names.data?.items.find((tool) => tool.id === id)?.name ?? id
  return (
    <Panel
      title="Timeline"
      about="Changes as the server received them, newest first. That you opened this is recorded in the audit log and told to the device."
      flush
    >
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyNote title="Nothing has happened yet" icon={IconTimelineEvent} />
          ) : (
            <ol className={classes.events}>
              {page.items.map((event) => (
                <Event
                  key={event.id}
                  event={event}
                  toolName={event.tool === null ? null : nameOf(event.tool)}
                />
              ))}
            </ol>
          )
        }
      </Loaded>
      <Pager
        page={query.data}
        after={after}
        onMove={(trail) =>
          void navigate({
            to: '/devices/$deviceId',
            params: { deviceId: device },
            search: tidy({ ...selection, after: [...trail] }),
            resetScroll: false,
          })
        }
        what="events"
      />
    </Panel>
  )
}

function Event({ event, toolName }: { readonly event: EventRow; readonly toolName: string | null }) {
  const { text, values } = eventSentence(useWords(), event)
  const clock = useClock()
  return (
    <li className={`${classes.event} tone-${eventTone[event.type]}`}>
      {isOfADay(event) ? (
        <time dateTime={new Date(event.at).toISOString().slice(0, 10)} className="number nowrap">
          {dayText(event.at, { ...clock, zone: 'UTC' })}
        </time>
      ) : (
        <TimeText at={event.at} />
      )}
      <span className={classes.dot} aria-hidden />
      <div>
        <p>
          {toolName === null ? null : (
            <strong>
              <Inert text={toolName} max={48} />:{' '}
            </strong>
          )}
          {text}
        </p>
        <p className="dim small">
          {event.account === null ? null : <SubjectName subject={event.account} />}
          {values.map(([name, value], index) => (
            <span key={name}>
              {index === 0 && event.account === null ? '' : ' · '}
              {name} <Inert text={value} max={80} />
            </span>
          ))}
        </p>
      </div>
    </li>
  )
}

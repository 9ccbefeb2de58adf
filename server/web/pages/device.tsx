// One device: what was found on it, what is installed, how well it has been looked at, and what changed when.
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DeviceDetail, DeviceRow } from '#shared/api.ts'
import type { Left } from '#shared/contact.ts'
import { device } from '../data/resources.ts'
import { ContactBadge, CoverageBadge, StatusBadge } from '../parts/badge.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { usePermissions } from '../parts/role.ts'
import { RevokeDevice } from '../parts/revoke-device.tsx'
import { ShowName } from '../parts/show-name.tsx'
import { SubjectName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import { useWords } from '../parts/words.ts'
import { lastWord, leftTerm } from '../view/contact.ts'
import { durationText } from '../view/time.ts'
import { DeviceCoverage } from './device-coverage.tsx'
import { DeviceDetections } from './device-detections.tsx'
import { DeviceLinks } from './device-links.tsx'
import { DeviceInventory } from './device-inventory.tsx'
import { DeviceTimeline } from './device-timeline.tsx'
import classes from './device.module.css'

const route = getRouteApi('/inside/devices/$deviceId')
const tabs = ['detections', 'inventory', 'coverage', 'timeline'] as const

export function DevicePage() {
  const { deviceId } = route.useParams()
  const query = useQuery(device(deviceId))
  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <PageHead
            title={`Device ${data.host.label}`}
            shown={
              <>
                Device <SubjectName subject={data.host} />
              </>
            }
            above={
              <p className="small">
                <Link to="/devices" search={{}}>
                  Devices
                </Link>
              </p>
            }
            action={
              <>
                <ShowName device={data.id} account={null} host={data.host} />
                <RevokeDevice device={data} />
              </>
            }
          />
          <Facts device={data} />
          <Silence device={data} />
          <DeviceLinks device={data} />
          <DeviceTabs device={data} />
        </>
      )}
    </Loaded>
  )
}

function DeviceTabs({ device: data }: { readonly device: DeviceRow }) {
  const { tab: asked = 'detections' } = route.useSearch()
  // The timeline is for those who may look.
  const { look } = usePermissions()
  const tab = asked === 'timeline' && !look ? 'detections' : asked
  const navigate = useNavigate()
  const choose = (value: string | null) => {
    const next = tabs.find((one) => one === value)
    void navigate({
      to: '/devices/$deviceId',
      params: { deviceId: data.id },
      search: next === undefined || next === 'detections' ? {} : { tab: next },
      replace: true,
      resetScroll: false,
    })
  }
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false} classNames={{ list: classes.tabs ?? '' }}>
      <Tabs.List>
        <Tabs.Tab value="detections">Tools found</Tabs.Tab>
        <Tabs.Tab value="inventory">Inventory</Tabs.Tab>
        <Tabs.Tab value="coverage">Coverage and gaps{data.gaps === 0 ? '' : ` (${data.gaps})`}</Tabs.Tab>
        {look ? <Tabs.Tab value="timeline">Timeline</Tabs.Tab> : null}
      </Tabs.List>
      <Tabs.Panel value="detections">
        <DeviceDetections device={data.id} />
      </Tabs.Panel>
      <Tabs.Panel value="inventory">
        <DeviceInventory device={data.id} />
      </Tabs.Panel>
      <Tabs.Panel value="coverage">
        <DeviceCoverage device={data.id} host={data.host} />
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <DeviceTimeline device={data.id} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Facts({ device: data }: { readonly device: DeviceDetail }) {
  const words = useWords()
  return (
    <Panel className={classes.facts}>
      <dl>
        <Fact name="Worst finding">{data.worst === null ? 'none' : <StatusBadge status={data.worst} />}</Fact>
        <Fact name="Coverage">
          <CoverageBadge state={data.coverage} plain />
        </Fact>
        <Fact name="Contact">
          <ContactBadge device={data} />
        </Fact>
        <Fact name="Last report">
          <TimeText at={data.lastSeenAt} ago none="never" />
        </Fact>
        {data.contact === null ? null : (
          <Fact name="Silent by habit">up to {durationText(data.contact.habitMs)}</Fact>
        )}
        <Fact name="Last scan">
          <TimeText at={data.lastScanAt} ago none="never" />
        </Fact>
        <Fact name="Enrolled">
          <TimeText at={data.enrolledAt} />
        </Fact>
        {data.keySince === data.enrolledAt ? null : (
          <Fact name="Key since">
            <TimeText at={data.keySince} />
          </Fact>
        )}
        <Fact name="State">{data.status === 'active' ? 'Active' : 'Revoked: its reports are refused'}</Fact>
        <Fact name="System">
          {words.platform[data.os]} <Inert text={data.osVersion} max={40} />,{' '}
          <Inert text={data.arch} max={16} />
        </Fact>
        <Fact name="Agent">
          <Inert text={data.agentVersion} max={24} />
        </Fact>
        <Fact name="Policy known to it">
          {data.policyVersion === null ? 'none yet' : `version ${data.policyVersion}`}
        </Fact>
      </dl>
    </Panel>
  )
}

/** What follows from a device's being quiet, and what does not. */
function Silence({ device: { contact, left, lastSeenAt, enrolledAt } }: { readonly device: DeviceRow }) {
  if (left !== null) return <Gone left={left} lastSeenAt={lastSeenAt} />
  if (contact?.state !== 'quiet') return null
  return (
    <Panel
      className={classes.silence}
      title="Quiet"
      about={
        <>
          {lastSeenAt === null ? 'Not one report since it was enrolled, ' : 'No report since '}
          <TimeText at={lastSeenAt ?? enrolledAt} />: longer than its habit of at most{' '}
          {durationText(contact.habitMs)}.
        </>
      }
    >
      <p>{lastWord(contact)}</p>
      <p>
        What follows: all on this page is as of its last report, and somebody should look where the machine is
        and whether its agent runs. What does not: silence is no evidence. It says neither that a tool was
        used nor that none was, and nothing about who caused it.
      </p>
    </Panel>
  )
}

/** What follows from its agent's having said why it ends. */
function Gone({ left, lastSeenAt }: { readonly left: Left } & Pick<DeviceRow, 'lastSeenAt'>) {
  const { label, about } = leftTerm(left)
  return (
    <Panel
      className={classes.silence}
      title={label}
      about={
        <>
          Last report <TimeText at={lastSeenAt} none="never" />.
        </>
      }
    >
      <p>{about}</p>
      <p>
        What follows: all on this page is as of its last report, and nothing is looked at since. What does
        not: it is no evidence of a use or of its absence, and says nothing about who caused it.
      </p>
    </Panel>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

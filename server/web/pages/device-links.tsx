// Other devices that are probably the same machine: which, by what, and that nothing of the one became the other's.
import { Link } from '@tanstack/react-router'
import type { DeviceDetail, DeviceLink } from '#shared/api.ts'
import { Panel } from '../parts/panel.tsx'
import { SubjectName } from '../parts/subject-name.tsx'
import { TimeText } from '../parts/time-text.tsx'
import classes from './device.module.css'

const why: Readonly<Record<DeviceLink['why'], string>> = {
  hardware: 'both told the same number of their hardware',
  serial: 'both told the same serial number, name and kind of system',
  system:
    'both told the same number of their system, the same name and kind of system, and no number of hardware',
  copied: 'the later one held a key of the earlier: a copy of its state, or one that was rolled back',
}

export function DeviceLinks({ device: { predecessor, successors } }: { readonly device: DeviceDetail }) {
  if (predecessor === null && successors.length === 0) return null
  return (
    <Panel className={classes.silence} title="Probably the same machine">
      {predecessor === null ? null : <OneLink link={predecessor} is="Before" />}
      {successors.map((link) => (
        <OneLink key={link.device} link={link} is="After" />
      ))}
      <p>
        That is what devices say of themselves, and a copied disk says the same. Each keeps its own history:
        no finding and no use was moved from one to the other.
      </p>
    </Panel>
  )
}

function OneLink({ link, is }: { readonly link: DeviceLink; readonly is: 'Before' | 'After' }) {
  return (
    <p>
      {is} <TimeText at={link.at} />:{' '}
      <Link to="/devices/$deviceId" params={{ deviceId: link.device }} search={{}}>
        <SubjectName subject={link.host} />
      </Link>
      , because {why[link.why]}.{' '}
      {link.earlierReportsOn ? 'The earlier one was heard of since: then there are two of them.' : null}
    </p>
  )
}

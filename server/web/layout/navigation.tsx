// The places one can go to. One list for the sidebar and for the narrow drawer.
import {
  IconClipboardList,
  IconDeviceLaptop,
  IconEyeOff,
  IconGavel,
  IconHome2,
  IconListSearch,
  IconReportSearch,
  IconRobot,
  IconTicket,
  type TablerIcon,
} from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './shell.module.css'

interface Place {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: string
  readonly icon: TablerIcon
  readonly exact?: boolean
}

const places: readonly { readonly label: string; readonly places: readonly Place[] }[] = [
  {
    label: 'Watch',
    places: [
      { to: '/', label: 'Overview', icon: IconHome2, exact: true },
      { to: '/findings', label: 'Findings', icon: IconReportSearch },
      { to: '/devices', label: 'Devices', icon: IconDeviceLaptop },
      { to: '/inventory', label: 'Inventory', icon: IconListSearch },
      { to: '/tools', label: 'Tools', icon: IconRobot },
      { to: '/gaps', label: 'Gaps', icon: IconEyeOff },
    ],
  },
  {
    label: 'Decide',
    places: [
      { to: '/policy', label: 'Policy', icon: IconGavel },
      { to: '/waivers', label: 'Waivers', icon: IconTicket },
      { to: '/audit', label: 'Audit log', icon: IconClipboardList },
    ],
  },
]

export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  return (
    <nav aria-label="Main" className={classes.nav}>
      {places.map((group) => (
        <div key={group.label}>
          <p className={classes.group}>{group.label}</p>
          <ul className={classes.list}>
            {group.places.map(({ to, label, icon: Icon, exact = false }) => (
              <li key={label}>
                <Link
                  to={to}
                  className={classes.place}
                  activeOptions={{ exact, includeSearch: false }}
                  {...(onGo ? { onClick: onGo } : {})}
                >
                  <Icon size={18} stroke={1.8} aria-hidden />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

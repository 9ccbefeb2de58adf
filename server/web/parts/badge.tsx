// A word with an icon and a tone. The word always carries the meaning; icon and colour only help to find it.
import {
  IconActivity,
  IconAlertTriangle,
  IconBellOff,
  IconCalendarTime,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleDot,
  IconCircleX,
  IconEye,
  IconEyeCheck,
  IconEyeOff,
  IconFileSearch,
  IconFlag,
  IconHelpCircle,
  IconLeaf,
  IconMessageReport,
  IconMoon,
  IconPackage,
  IconPackageOff,
  IconPlayerPlay,
  IconShieldCheck,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react'
import { Tooltip } from '@mantine/core'
import type { DeviceRow } from '#shared/api.ts'
import type { ContactState } from '#shared/contact.ts'
import type { State } from '#shared/detection.ts'
import type { FindingStatus, Lifecycle, MarkVerdict } from '#shared/finding.ts'
import type { CoverageState } from '#shared/observation.ts'
import { contactTerm, leftTerm } from '../view/contact.ts'
import {
  contactTone,
  coverageTone,
  lifecycleTone,
  statusTone,
  stateTone,
  verdictTone,
  type Tone,
} from '../view/tone.ts'
import classes from './badge.module.css'
import { useWords } from './words.ts'

const statusIcon: Readonly<Record<FindingStatus, TablerIcon>> = {
  violation: IconCircleX,
  suspected: IconAlertTriangle,
  undetermined: IconHelpCircle,
  waived: IconShieldCheck,
  upcoming: IconCalendarTime,
  present: IconPackage,
  leftover: IconLeaf,
  review: IconFileSearch,
}
const verdictIcon: Readonly<Record<MarkVerdict, TablerIcon>> = {
  violation: IconCircleX,
  suspected: IconAlertTriangle,
  undetermined: IconHelpCircle,
  waived: IconShieldCheck,
  nothing: IconCircleDashed,
}
const coverageIcon: Readonly<Record<CoverageState, TablerIcon>> = {
  attested: IconEyeCheck,
  'attested-but-blind-spots': IconEye,
  'not-attested': IconEyeOff,
}
const contactIcon: Readonly<Record<ContactState, TablerIcon>> = {
  reporting: IconActivity,
  asleep: IconMoon,
  quiet: IconBellOff,
}
const lifecycleIcon: Readonly<Record<Lifecycle, TablerIcon>> = {
  open: IconCircleDot,
  acknowledged: IconFlag,
  disputed: IconMessageReport,
  closed: IconCircleCheck,
}
const stateIcon: Readonly<Record<State, TablerIcon>> = {
  used: IconTerminal2,
  started: IconPlayerPlay,
  installed: IconPackage,
  leftover: IconLeaf,
}

interface BadgeProps {
  readonly tone: Tone
  readonly icon: TablerIcon
  readonly label: string
  readonly about?: string
  readonly plain?: boolean
}

export function Badge({ tone, icon: Icon, label, about, plain = false }: BadgeProps) {
  const badge = (
    <span className={`${classes.badge} ${plain ? classes.plain : ''} tone-${tone}`}>
      <Icon size={15} stroke={2} aria-hidden />
      <span>{label}</span>
    </span>
  )
  if (about === undefined) return badge
  return (
    <Tooltip label={about} multiline maw={320}>
      {badge}
    </Tooltip>
  )
}

export function StatusIcon({
  status,
  size = 18,
}: {
  readonly status: FindingStatus
  readonly size?: number
}) {
  const Icon = statusIcon[status]
  return <Icon size={size} stroke={2} aria-hidden className={`${classes.icon} tone-${statusTone[status]}`} />
}

export function StatusBadge({ status }: { readonly status: FindingStatus }) {
  const term = useWords().status[status]
  return <Badge tone={statusTone[status]} icon={statusIcon[status]} label={term.label} about={term.about} />
}

export function VerdictBadge({ verdict }: { readonly verdict: MarkVerdict }) {
  const term = useWords().markVerdict[verdict]
  return (
    <Badge tone={verdictTone[verdict]} icon={verdictIcon[verdict]} label={term.label} about={term.about} />
  )
}

export function CoverageBadge({
  state,
  plain = false,
}: {
  readonly state: CoverageState | null
  readonly plain?: boolean
}) {
  const words = useWords()
  if (state === null) {
    return (
      <Badge
        plain={plain}
        tone="neutral"
        icon={IconCircleDashed}
        label="No scan yet"
        about="The device has not reported a scan."
      />
    )
  }
  const term = words.coverage[state]
  return (
    <Badge
      plain={plain}
      tone={coverageTone[state]}
      icon={coverageIcon[state]}
      label={term.label}
      about={term.about}
    />
  )
}

/** Of a revoked device there is none. */
export function ContactBadge({
  device,
}: {
  readonly device: Pick<DeviceRow, 'contact' | 'left' | 'lastSeenAt'>
}) {
  const words = useWords()
  const { contact, left, lastSeenAt } = device
  if (left !== null) return <Badge plain tone="warning" icon={IconPackageOff} {...leftTerm(left)} />
  if (contact === null) return <span className="dim">–</span>
  const { label, about } = contactTerm(words, contact, lastSeenAt)
  return (
    <Badge
      plain
      tone={contactTone[contact.state]}
      icon={contactIcon[contact.state]}
      label={label}
      about={about}
    />
  )
}

export function LifecycleBadge({ lifecycle }: { readonly lifecycle: Lifecycle }) {
  const term = useWords().lifecycle[lifecycle]
  return (
    <Badge
      plain
      tone={lifecycleTone[lifecycle]}
      icon={lifecycleIcon[lifecycle]}
      label={term.label}
      about={term.about}
    />
  )
}

export function StateBadge({ state, running }: { readonly state: State; readonly running: boolean | null }) {
  const term = useWords().state[state]
  const label = running === true ? `${term.label}, running` : term.label
  return <Badge plain tone={stateTone[state]} icon={stateIcon[state]} label={label} about={term.about} />
}

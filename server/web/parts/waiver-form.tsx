// The form for a new waiver. What is missing is said once somebody tries to save.
import { Button, MultiSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type SubmitEvent } from 'react'
import type { Subject } from '#shared/api.ts'
import type { WaiverSubject } from '#shared/people.ts'
import { tools } from '../data/resources.ts'
import { addWaiver } from '../data/writes.ts'
import { AccountChoice } from './account-choice.tsx'
import { useClock } from './clock.tsx'
import { ProblemNote } from './notes.tsx'
import { localInput, zoneText } from '../view/time.ts'
import { checkDraft, type WaiverDraft } from '../view/waiver.ts'
import classes from './waiver-form.module.css'

const monthMs = 30 * 86_400_000
const kinds: readonly { readonly value: WaiverSubject['kind']; readonly label: string }[] = [
  { value: 'person', label: 'Person' },
  { value: 'group', label: 'Group' },
  { value: 'device', label: 'Device' },
  { value: 'account', label: 'Account' },
]
const nameLabels = {
  person: 'Person',
  group: 'Group',
} as const

/** A finding that the waiver is to be about: who and what is then known, by key and pseudonym. */
interface WaiverAbout {
  readonly device: string
  readonly account: Subject | null
  readonly tool: string
}

interface WaiverFormProps {
  readonly about?: WaiverAbout
  readonly onDone: () => void
}

function kindsFor(about: WaiverAbout | undefined): typeof kinds {
  if (about === undefined) return kinds
  const named = kinds.map((one) =>
    one.value === 'device' || one.value === 'account' ? { ...one, label: `This ${one.value}` } : one,
  )
  return named.filter((one) => one.value !== 'account' || about.account !== null).toReversed()
}

export function WaiverForm({ about, onDone }: WaiverFormProps) {
  const clock = useClock()
  const client = useQueryClient()
  const known = useQuery(tools())
  const kindLabel = useId()
  const [tried, setTried] = useState(false)
  const [draft, setDraft] = useState<WaiverDraft>(() => ({
    kind: about === undefined ? 'person' : about.account === null ? 'device' : 'account',
    name: '',
    device: about?.device ?? '',
    tools: about === undefined ? [] : [about.tool],
    owner: '',
    reason: '',
    from: localInput(clock.now, clock.zone),
    until: localInput(clock.now + monthMs, clock.zone),
  }))
  const put = (change: Partial<WaiverDraft>) => setDraft((old) => ({ ...old, ...change }))
  const add = useMutation({
    mutationFn: addWaiver,
    onSuccess: async () => {
      await client.invalidateQueries()
      notifications.show({ message: 'The waiver holds. What it covers is judged again.' })
      onDone()
    },
  })
  // The server takes an account by its key alone, so that nobody has to look at a name to excuse it.
  const whole = draft.kind === 'account' && about?.account ? { ...draft, name: about.account.key } : draft
  const check = checkDraft(whole, clock.zone)
  const errors = !tried || check.ok ? {} : check.errors
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (check.ok) add.mutate(check.waiver)
  }
  const zone = zoneText(clock.now, clock)
  return (
    <form onSubmit={submit} className={classes.form} noValidate>
      <div>
        <p id={kindLabel} className="small">
          For
        </p>
        <SegmentedControl
          aria-labelledby={kindLabel}
          fullWidth
          data={[...kindsFor(about)]}
          value={draft.kind}
          onChange={(value) =>
            put({ kind: kinds.find((one) => one.value === value)?.value ?? 'person', name: '' })
          }
        />
      </div>
      {draft.kind === 'person' || draft.kind === 'group' ? (
        <TextInput
          label={nameLabels[draft.kind]}
          description="As it is written in the list of people."
          value={draft.name}
          onChange={(event) => put({ name: event.currentTarget.value })}
          error={errors.name}
          required
          data-autofocus
        />
      ) : null}
      {about === undefined && (draft.kind === 'device' || draft.kind === 'account') ? (
        <TextInput
          label="Device id"
          description="It stands in the address of the device’s page."
          value={draft.device}
          onChange={(event) =>
            put({ device: event.currentTarget.value, ...(draft.kind === 'account' ? { name: '' } : {}) })
          }
          error={errors.device}
          required
        />
      ) : null}
      {about === undefined && draft.kind === 'account' ? (
        <AccountChoice
          device={draft.device}
          value={draft.name}
          onChoose={(name) => put({ name })}
          error={errors.name}
        />
      ) : null}
      <MultiSelect
        label="Tools"
        placeholder={draft.tools.length === 0 ? 'Which tools may be used' : undefined}
        data={(known.data?.items ?? []).map((tool) => ({ value: tool.id, label: tool.name }))}
        value={[...draft.tools]}
        onChange={(value) => put({ tools: value })}
        error={errors.tools}
        searchable
        required
      />
      <div className={classes.pair}>
        <TextInput
          type="datetime-local"
          label="From"
          description={`In ${zone}. May lie in the past.`}
          value={draft.from}
          onChange={(event) => put({ from: event.currentTarget.value })}
          error={errors.from}
          required
        />
        <TextInput
          type="datetime-local"
          label="Until"
          description="The first moment at which it no longer holds."
          value={draft.until}
          onChange={(event) => put({ until: event.currentTarget.value })}
          error={errors.until}
          required
        />
      </div>
      <TextInput
        label="Owner"
        description="Who answers for this exception."
        value={draft.owner}
        onChange={(event) => put({ owner: event.currentTarget.value })}
        error={errors.owner}
        required
      />
      <Textarea
        label="Reason"
        value={draft.reason}
        onChange={(event) => put({ reason: event.currentTarget.value })}
        error={errors.reason}
        autosize
        minRows={2}
        maxLength={2000}
        required
      />
      {add.error === null ? null : <ProblemNote error={add.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={add.isPending}>
          Add the waiver
        </Button>
      </div>
    </form>
  )
}

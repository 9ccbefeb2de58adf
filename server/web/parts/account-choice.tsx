// Chooses one of a device's accounts by its pseudonym: what is chosen is its key, which names nobody.
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { accounts } from '../data/resources.ts'

interface AccountChoiceProps {
  /** The device's id, perhaps still being typed. */
  readonly device: string
  /** The account's key; '' for none yet. */
  readonly value: string
  readonly onChoose: (key: string) => void
  readonly error: string | undefined
}

const pauseMs = 300
/** As many as the server gives at once. */
const limit = 200

export function AccountChoice({ device, value, onChoose, error }: AccountChoiceProps) {
  const [typed] = useDebouncedValue(device.trim(), pauseMs)
  const query = useQuery({ ...accounts({ device: typed, limit }), enabled: typed !== '' })
  const found = typed === '' ? [] : (query.data?.items ?? [])
  return (
    <Select
      label="Account"
      description="By its pseudonym, as findings show it."
      placeholder={typed === '' ? 'Give the device’s id first' : 'Choose one of the device’s accounts'}
      nothingFoundMessage={query.isPending ? 'Looking…' : 'No account of such a device is known'}
      data={found.map(({ account }) => ({ value: account.key, label: account.label }))}
      value={value === '' ? null : value}
      onChange={(key) => onChoose(key ?? '')}
      error={error}
      searchable
      required
    />
  )
}

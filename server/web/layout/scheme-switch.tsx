// Light, dark, or as the system says.
import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from '@tabler/icons-react'

const choices = [
  { value: 'light', label: <Choice icon={IconSun} name="Light" /> },
  { value: 'auto', label: <Choice icon={IconDeviceDesktop} name="As the system" /> },
  { value: 'dark', label: <Choice icon={IconMoon} name="Dark" /> },
]

function Choice({ icon: Icon, name }: { readonly icon: TablerIcon; readonly name: string }) {
  return (
    <span title={name}>
      <Icon size={16} aria-hidden />
      <span className="visually-hidden">{name}</span>
    </span>
  )
}

export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Colour scheme"
      size="xs"
      fullWidth
      data={choices}
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
    />
  )
}

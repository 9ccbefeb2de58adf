// Light, dark, or as the system says.
import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

const choices = [
  { value: 'light', label: <IconSun size={16} aria-label="Light" /> },
  { value: 'auto', label: <IconDeviceDesktop size={16} aria-label="As the system" /> },
  { value: 'dark', label: <IconMoon size={16} aria-label="Dark" /> },
] as const

export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Colour scheme"
      size="xs"
      fullWidth
      data={[...choices]}
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
    />
  )
}

// The files are as Linux 6.1 has them in /sys/class/power_supply (ABI/testing/sysfs-class-power), written by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { powerOf, type Power } from '../../../../agent/platform/power.ts'

let sys = ''
beforeEach(() => {
  sys = mkdtempSync(join(tmpdir(), 'cutoff-sys-'))
})
afterEach(() => rmSync(sys, { recursive: true, force: true }))

const mains = (online: number) => ({ type: 'Mains', online: String(online) })
const battery = (status: string, capacity: number) => ({
  type: 'Battery',
  status,
  capacity: String(capacity),
})
type Supplies = Readonly<Record<string, Readonly<Record<string, string>>>>

test.each<[string, Supplies, Power]>([
  ['a machine without any supply', {}, 'mains'],
  ['a laptop that is plugged in', { AC: mains(1), BAT0: battery('Charging', 40) }, 'mains'],
  [
    'a laptop that is plugged in and gives the battery a rest',
    { AC: mains(1), BAT0: battery('Discharging', 90) },
    'mains',
  ],
  [
    'a laptop charged over USB',
    { ucsi: { type: 'USB', online: '1' }, BAT0: battery('Charging', 10) },
    'mains',
  ],
  ['a laptop on its battery', { AC: mains(0), BAT0: battery('Discharging', 80) }, 'battery'],
  ['a laptop with little left', { AC: mains(0), BAT0: battery('Discharging', 20) }, 'low'],
  [
    'a laptop with two batteries, one of them empty',
    { AC: mains(0), BAT0: battery('Discharging', 70), BAT1: battery('Unknown', 3) },
    'battery',
  ],
  [
    'a battery that does not tell what is left',
    { BAT0: { type: 'Battery', status: 'Discharging' } },
    'battery',
  ],
  ['a desktop with a mouse', { hid: { ...battery('Discharging', 5), scope: 'Device' } }, 'mains'],
])('%s', (_, supplies, expected) => {
  for (const [name, files] of Object.entries(supplies)) {
    for (const [file, text] of Object.entries(files)) put(`class/power_supply/${name}/${file}`, text)
  }
  expect(powerOf(sys)).toBe(expected)
  put('firmware/acpi/platform_profile', 'low-power')
  expect(powerOf(sys)).toBe('low')
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(sys, path)), { recursive: true })
  writeFileSync(join(sys, path), `${text}\n`)
}

import { expect, test } from 'vitest'
import { ioregText } from '../../../../agent/parsers/ioreg.ts'

// Hand-written after public captures of ioreg(8), macOS 11 or later; the numbers are made up.
test('the machine’s number', () => {
  const text = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active, busy 0 (29 ms), retain 41>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"
      "clock-frequency" = <00366e01>
      "empty" = ""
    }`
  expect(ioregText(text, 'IOPlatformUUID')).toBe('0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9')
  expect(ioregText(text, 'empty')).toBeNull()
  expect(ioregText(text, 'clock-frequency')).toBeNull()
})

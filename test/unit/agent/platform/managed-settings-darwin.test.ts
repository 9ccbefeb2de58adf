import { expect, test } from 'vitest'
import { managedSettings, preferencesPath } from '../../../../agent/platform/managed-settings-darwin.ts'

const list = (inside: string) =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${inside}
</dict>
</plist>
`)

test('text, numbers and yes or no are managed settings, the rest is named', () => {
  const { given, faults } = managedSettings(
    list(`	<!-- of the fleet -->
	<key>server</key>
	<string>https://cutoff.example.com/a&amp;b&#x21;</string>
	<key>PayloadContent</key>
	<array>
		<dict><key>server</key><string>https://inner.example</string></dict>
	</array>
	<key>scanSeconds</key>
	<integer>7200</integer>
	<key>on</key>
	<true/>
	<key>noProxy</key>
	<string/>
	<key>when</key>
	<date>2026-07-10T00:00:00Z</date>`),
  )
  const values = { server: 'https://cutoff.example.com/a&b!', scanSeconds: '7200', on: 'true', noProxy: '' }
  expect(given).toEqual([{ layer: 'managed', source: preferencesPath, values }])
  expect(faults).toMatchObject([
    { code: 'source-invalid', message: expect.stringContaining('`PayloadContent`') },
    { code: 'source-invalid', message: expect.stringContaining('`when`') },
  ])
})

test.each([list(''), Buffer.from('<plist version="1.0"><dict/></plist>')])(
  'an empty profile says nothing',
  (bytes) => {
    expect(managedSettings(bytes)).toEqual({
      given: [{ layer: 'managed', source: preferencesPath, values: {} }],
      faults: [],
    })
  },
)

test.each(['', 'bplist00', '<plist version="1.0"><dict><key>a</key>', '<plist><array></array></plist>'])(
  'what is no dictionary is said, and gives nothing: %j',
  (text) => {
    const { given, faults } = managedSettings(Buffer.from(text))
    expect(given).toEqual([])
    expect(faults).toMatchObject([{ code: 'source-unreadable', source: preferencesPath }])
  },
)

import { expect, test } from 'vitest'
import { parseManagedPlist } from '../../../../agent/parsers/managed-plist.ts'

const list = (inside: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${inside}
</dict>
</plist>
`

test('text and numbers of the top dictionary are values, the rest is named', () => {
  const text = list(`	<!-- of the fleet -->
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
	<date>2026-07-10T00:00:00Z</date>`)
  expect(parseManagedPlist(text)).toEqual({
    ok: true,
    values: {
      server: 'https://cutoff.example.com/a&b!',
      scanSeconds: '7200',
      on: 'true',
      noProxy: '',
    },
    passedOver: ['PayloadContent', 'when'],
  })
})

test('an empty dictionary says nothing', () => {
  expect(parseManagedPlist(list(''))).toEqual({ ok: true, values: {}, passedOver: [] })
})

test.each(['', 'bplist00', '<plist version="1.0"><dict><key>a</key>', '<plist><array></array></plist>'])(
  '%j is no such list',
  (text) => expect(parseManagedPlist(text)).toEqual({ ok: false }),
)

import { expect, test } from 'vitest'
import { parseDesktopEntry } from '../../../../agent/parsers/desktop-entry.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('desktop entries: the main group counts, actions do not', () => {
  const text = `[Desktop Entry]
Type=Application
Name=Cursor
Name[de]=Zeiger
Exec="/opt/My App/cursor" --no-sandbox %F
[Desktop Action new-window]
Name=New
Exec=/other
`
  expect(parseDesktopEntry(bytes(text))).toEqual({
    name: 'Cursor',
    program: '/opt/My App/cursor',
    isApplication: true,
    isHidden: false,
  })
  expect(parseDesktopEntry(bytes('garbage\0'))).toMatchObject({ name: null, isApplication: false })
})

import { expect, test } from 'vitest'
import { parseScheduledTask } from '../../../../agent/parsers/scheduled-task.ts'

// Hand-written after MS-TSCH 2.5.
function task(parts: { settings?: string; principals?: string; actions?: string }): string {
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>runs &lt;Command&gt;</Description></RegistrationInfo>
  <Principals>${parts.principals ?? '<Principal id="Author"><UserId>S-1-5-21-1</UserId></Principal>'}</Principals>
  <Settings>${parts.settings ?? '<Enabled>true</Enabled>'}</Settings>
  <Actions Context="Author">${parts.actions ?? '<Exec><Command>C:\\t\\a.exe</Command><Arguments>-x</Arguments></Exec>'}</Actions>
</Task>`
}

const wide = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le')

test.each([
  ['as it is written', {}, [{ program: String.raw`C:\t\a.exe`, user: 'S-1-5-21-1' }]],
  [
    'for a group',
    { principals: '<Principal><GroupId>S-1-5-32</GroupId></Principal>' },
    [{ program: String.raw`C:\t\a.exe`, user: null }],
  ],
  ['switched off', { settings: '<Hidden>true</Hidden><Enabled>false</Enabled>' }, []],
  [
    'with a setting of its own that is off',
    { settings: '<NetworkSettings><Enabled>false</Enabled></NetworkSettings><Enabled>true</Enabled>' },
    [{ program: String.raw`C:\t\a.exe`, user: 'S-1-5-21-1' }],
  ],
  [
    'with several programs, quoted and escaped',
    {
      actions:
        '<Exec><Command>"C:\\a b\\c.exe"</Command></Exec><ComHandler/><Exec><Command>&quot;d&amp;e.exe&quot;</Command></Exec>',
    },
    [
      { program: String.raw`C:\a b\c.exe`, user: 'S-1-5-21-1' },
      { program: 'd&e.exe', user: 'S-1-5-21-1' },
    ],
  ],
  ['with nothing to start', { actions: '<Exec><Command> </Command></Exec>' }, []],
])('a task %s', (_, parts, expected) => {
  expect(parseScheduledTask(wide(task(parts)))).toEqual(expected)
  expect(parseScheduledTask(Buffer.from(task(parts)))).toEqual(expected)
})

test('what only looks like a command, and what never ends, starts nothing', () => {
  const data = '<Data><Command>C:\\x.exe</Command></Data>'
  expect(parseScheduledTask(Buffer.from(`<Task>${data}</Task>`))).toEqual([])
  expect(parseScheduledTask(Buffer.from('<Task><Actions><Exec><Command>x'))).toEqual([])
  expect(parseScheduledTask(Buffer.from('<Principals>'.repeat(20_000)))).toEqual([])
})

import { expect, test } from 'vitest'
import { EnrolRequest, EnvelopeHeader, WireRecord } from '#shared/protocol.ts'
import { languages } from '#shared/words/language.ts'
import { fieldsOf, privacyPage } from '../../../../agent/cli/privacy.ts'
import { meaningIn } from '../../../../agent/cli/words/dictionary-words.ts'
import { collectors } from '../../../../agent/collectors/registry.ts'

test('every field of every record is named, with what it means', () => {
  const page = privacyPage({ columns: null, colour: false, language: 'en' as const })
  for (const record of WireRecord.options) {
    for (const name of Object.keys(record.shape))
      expect([name, page.includes(`  ${name}`) || name === 'type']).toEqual([name, true])
    const silent = fieldsOf(record).filter(({ name, about }) => about === '' && name !== 'type')
    expect([record.shape.type.value, silent]).toEqual([
      record.shape.type.value,
      record.shape.type.value === 'scan' ? [{ name: 'collectors', about: '' }] : [],
    ])
  }
})

test.each(languages.filter((language) => language !== 'en'))('every meaning is told in %s', (language) => {
  const meanings = [
    ...WireRecord.options.flatMap((record) => [
      record.description ?? '',
      ...fieldsOf(record).map((f) => f.about),
    ]),
    ...[...fieldsOf(EnvelopeHeader), ...fieldsOf(EnrolRequest)].map((field) => field.about),
    ...Object.values(collectors).map((collector) => collector.about),
  ]
  const untold = meanings.filter((english) => english !== '' && meaningIn(language, english) === english)
  expect([...new Set(untold)]).toEqual([])
})

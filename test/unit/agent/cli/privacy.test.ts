import { expect, test } from 'vitest'
import { WireRecord } from '#shared/protocol.ts'
import { fieldsOf, privacyPage } from '../../../../agent/cli/privacy.ts'

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

// `privacy`: what the agent looks at and every field that may leave the device, made from the same schemas that check them.
import { z } from 'zod'
import { EnrolRequest, EnvelopeHeader, WireRecord } from '#shared/protocol.ts'
import { collectors } from '../collectors/registry.ts'
import type { Command } from './command.ts'
import { heading, paragraph, renderTable, type Cell, type Paper } from './table.ts'
import { meaningIn } from './words/dictionary-words.ts'
import { privacyWords } from './words/privacy-words.ts'

export const privacyCommand: Command = {
  name: 'privacy',
  usage: 'privacy [--json]',
  options: { json: { type: 'boolean', about: 'print the data dictionary as JSON Schema' } },
  words: 0,
  async run(given, io) {
    if (given.values['json'] === true) {
      io.out(`${JSON.stringify(z.toJSONSchema(WireRecord), null, 2)}\n`)
      return 0
    }
    io.out(privacyPage(io))
    return 0
  },
}

interface Field {
  readonly name: string
  readonly about: string
}

/** A JSON Schema, as far as the dictionary needs it. */
interface SchemaNode {
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

/** Every field of a schema with its description, nested ones as `evidence[].place`. */
export function fieldsOf(schema: z.ZodType): Field[] {
  return fieldsIn(z.toJSONSchema(schema, { io: 'input' }) as SchemaNode, '')
}

function fieldsIn(node: SchemaNode, path: string): Field[] {
  const properties = propertiesOf(node)
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = path === '' ? key : `${path}.${key}`
    const inner = itemsOf(field)
    const nested = inner === null ? fieldsIn(field, name) : fieldsIn(inner, `${name}[]`)
    return [{ name, about: aboutOf(field) }, ...nested]
  })
}

function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> {
  return node.properties ?? (node.anyOf ?? []).find((one) => one.properties)?.properties ?? {}
}

function itemsOf(node: SchemaNode): SchemaNode | null {
  return node.items ?? (node.anyOf ?? []).find((one) => one.items)?.items ?? null
}

function aboutOf(node: SchemaNode): string {
  const own = node.description ?? (node.anyOf ?? []).find((one) => one.description)?.description
  return own ?? node.items?.description ?? ''
}

export function privacyPage(paper: Paper): string {
  const say = privacyWords[paper.language]
  const parts = [
    paragraph(say.not, paper),
    heading(say.looks, paper),
    lookTable(paper),
    paragraph(say.asked, paper),
    heading(say.leaves, paper),
    ...WireRecord.options.map((record) => recordPart(record, paper)),
    heading(say.eachReport, paper),
    fieldTable(fieldsOf(EnvelopeHeader), paper),
    heading(say.enrolment, paper),
    fieldTable(fieldsOf(EnrolRequest), paper),
    paragraph(say.sent, paper),
  ]
  return parts.join('\n')
}

function lookTable(paper: Paper): string {
  const say = privacyWords[paper.language]
  const rows = Object.values(collectors).map((c): Cell[] => [
    { text: c.kind },
    { text: say.reads(meaningIn(paper.language, c.about), c.reads.join(say.between)) },
  ])
  return renderTable([{ title: say.kind }, { title: say.whatAndWhy, wraps: true }], rows, paper)
}

function recordPart(record: (typeof WireRecord.options)[number], paper: Paper): string {
  const about = meaningIn(paper.language, record.description ?? '')
  const title = privacyWords[paper.language].record(record.shape.type.value, about)
  const fields = fieldsOf(record).filter((field) => field.name !== 'type')
  return `${paragraph(title, paper)}${fieldTable(fields, paper)}`
}

function fieldTable(fields: readonly Field[], paper: Paper): string {
  const say = privacyWords[paper.language]
  const rows = fields.map(({ name, about }): Cell[] => [
    { text: `  ${name}` },
    { text: meaningIn(paper.language, about) },
  ])
  return renderTable([{ title: `  ${say.field}` }, { title: say.meaning, wraps: true }], rows, paper)
}

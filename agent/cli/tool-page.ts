// What the catalogue knows of a tool, for a terminal: what it is, how it is recognised, what counts as its use, and the sources.
// Says nothing of this machine. Pure.
import { tools } from '#shared/catalogue.ts'
import type { ToolFile } from '#shared/tool.ts'
import { wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import {
  countryText,
  historyText,
  movedHomeWords,
  signalGroups,
  systemsText,
  type SignalLine,
} from '#shared/words/signal-words.ts'
import { usageWords } from '#shared/words/usage-words.ts'
import { verifiedWords } from '#shared/words/verified-words.ts'
import { bullet, heading, paragraph, renderTable, unbroken, type Cell, type Paper } from './table.ts'

const words = wordsOf('en')

export function toolPage(tool: ToolFile, paper: Paper): string {
  return [
    whatPart(tool, paper),
    signalsPart(tool, paper),
    usagePart(tool, paper),
    movedPart(tool, paper),
    verifiedPart(tool, paper),
    sourcesPart(tool, paper),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function whatPart(tool: ToolFile, paper: Paper): string {
  const nameOf = (id: string) => tools.find((one) => one.id === id)?.name ?? id
  const facts = [
    ['Vendor', tool.vendor],
    ['Country', countryText(words, tool.vendorCountry, 'en')],
    ['Kind', words.category[tool.category]],
    ['Homepage', tool.homepage],
  ] as const
  const rows = facts.map(([name, text]): Cell[] => [{ text: name }, { text }])
  return [
    heading(`${tool.name} (${tool.id})`, paper),
    paragraph(tool.about, paper),
    // Without a line of titles: the names say it.
    renderTable([{ title: '' }, { title: '', wraps: true }], rows, paper).replace(/^.*\n/u, ''),
    ...historyText(words, tool, nameOf).map((sentence) => paragraph(sentence, paper)),
  ].join('')
}

function signalsPart(tool: ToolFile, paper: Paper): string {
  const groups = signalGroups(words, tool.signals)
  const used = new Set(groups.flatMap((group) => group.lines.map((line) => line.basis)))
  const legend = [...used].map((basis) => {
    const { label, about } = words.tool.rests[basis]
    return `${label}: ${about.charAt(0).toLowerCase()}${about.slice(1)}`
  })
  return [
    heading('How it is recognised', paper),
    paragraph(legend.join(' '), paper),
    ...groups.flatMap((group) => [
      '\n',
      paragraph(`${group.label}. ${group.about}`, paper),
      ...group.lines.map((line) => signalText(line, paper)),
    ]),
  ].join('')
}

function signalText({ phrase, platforms, basis, note }: SignalLine, paper: Paper): string {
  const systems = systemsText(words, platforms)
  const rests = [...(systems === null ? [] : [systems]), words.tool.rests[basis].label.toLowerCase()].join(
    ', ',
  )
  return bullet(`${phraseText(phrase)} (${rests})${note === null ? '' : `: ${note}`}`, paper)
}

function usagePart(tool: ToolFile, paper: Paper): string {
  const { summary, parts } = usageWords(words, tool)
  return [
    heading('What counts as its use', paper),
    paragraph(summary, paper),
    ...parts.flatMap(({ about, lines }) => [
      paragraph(about, paper),
      ...lines.map(({ phrase, note }) => bullet(withNote(phraseText(phrase), note), paper)),
    ]),
  ].join('')
}

/** A note after a sentence is one; after a place it says what the place is. */
function withNote(text: string, note: string | null): string {
  if (note === null) return text
  return text.endsWith('.') ? `${text} Note: ${note}.` : `${text}: ${note}`
}

function movedPart({ movedHomes = [] }: ToolFile, paper: Paper): string {
  if (movedHomes.length === 0) return ''
  const lines = movedHomes.map((moved) => {
    const rests = words.tool.rests[moved.basis].label
    return bullet(
      withNote(`${phraseText(movedHomeWords(words, moved))} ${rests}.`, moved.note ?? null),
      paper,
    )
  })
  return [heading('What moves its folders', paper), ...lines].join('')
}

function verifiedPart({ verified }: ToolFile, paper: Paper): string {
  if (verified === undefined) return ''
  const { head, packages } = verifiedWords(words, verified)
  return [
    heading('Tried out', paper),
    paragraph(phraseText(head), paper),
    ...packages.flatMap((said) => said.map((one) => bullet(phraseText(one), paper))),
  ].join('')
}

function sourcesPart({ references }: ToolFile, paper: Paper): string {
  const lines = references.map(({ source, shows, checked }) => {
    const isAddress = /^https?:/u.test(source)
    const said = isAddress ? `${checked}: ${shows}` : `${checked}: ${shows}; ${source}`
    return bullet(said, paper) + (isAddress ? unbroken(source) : '')
  })
  return [heading('Sources, with the day on which each was last looked at', paper), ...lines].join('')
}

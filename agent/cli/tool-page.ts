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
import { listed, sentences } from './words/said.ts'
import { toolWords } from './words/tool-words.ts'

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
  const say = toolWords[paper.language]
  const words = wordsOf(paper.language)
  const nameOf = (id: string) => tools.find((one) => one.id === id)?.name ?? id
  const facts = [
    [say.vendor, tool.vendor],
    [say.country, countryText(words, tool.vendorCountry, paper.language)],
    [say.kind, words.category[tool.category]],
    [say.homepage, tool.homepage],
  ] as const
  const rows = facts.map(([name, text]): Cell[] => [{ text: name }, { text }])
  return [
    heading(`${tool.name} (${tool.id})`, paper),
    paragraph(tool.about, paper),
    ...(say.inEnglish === null ? [] : [paragraph(say.inEnglish, paper)]),
    // Without a line of titles: the names say it.
    renderTable([{ title: '' }, { title: '', wraps: true }], rows, paper).replace(/^.*\n/u, ''),
    ...historyText(words, tool, nameOf).map((sentence) => paragraph(sentence, paper)),
  ].join('')
}

function signalsPart(tool: ToolFile, paper: Paper): string {
  const say = toolWords[paper.language]
  const words = wordsOf(paper.language)
  const groups = signalGroups(words, tool.signals)
  const used = new Set(groups.flatMap((group) => group.lines.map((line) => line.basis)))
  const legend = [...used].map((basis) => {
    const { label, about } = words.tool.rests[basis]
    return say.rests(label, about)
  })
  return [
    heading(say.recognised, paper),
    paragraph(sentences(paper.language, legend), paper),
    ...groups.flatMap((group) => [
      '\n',
      paragraph(say.group(group.label, group.about), paper),
      ...group.lines.map((line) => signalText(line, paper)),
    ]),
  ].join('')
}

function signalText({ phrase, platforms, basis, note }: SignalLine, paper: Paper): string {
  const say = toolWords[paper.language]
  const words = wordsOf(paper.language)
  const systems = systemsText(words, platforms)
  const rests = listed(paper.language, [
    ...(systems === null ? [] : [systems]),
    words.tool.rests[basis].label.toLowerCase(),
  ])
  const text = say.inBrackets(phraseText(phrase), rests)
  return bullet(note === null ? text : say.afterPlace(text, note), paper)
}

function usagePart(tool: ToolFile, paper: Paper): string {
  const { summary, parts } = usageWords(wordsOf(paper.language), tool)
  return [
    heading(toolWords[paper.language].counts, paper),
    paragraph(summary, paper),
    ...parts.flatMap(({ about, lines }) => [
      paragraph(about, paper),
      ...lines.map(({ phrase, note }) => bullet(withNote(phraseText(phrase), note, paper), paper)),
    ]),
  ].join('')
}

/** A note after a sentence is one; after a place it says what the place is. */
function withNote(text: string, note: string | null, paper: Paper): string {
  const say = toolWords[paper.language]
  if (note === null) return text
  return /[.。]$/u.test(text) ? say.afterSentence(text, note) : say.afterPlace(text, note)
}

function movedPart({ movedHomes = [] }: ToolFile, paper: Paper): string {
  if (movedHomes.length === 0) return ''
  const say = toolWords[paper.language]
  const words = wordsOf(paper.language)
  const lines = movedHomes.map((moved) => {
    const text = say.movedRests(phraseText(movedHomeWords(words, moved)), words.tool.rests[moved.basis].label)
    return bullet(withNote(text, moved.note ?? null, paper), paper)
  })
  return [heading(say.moved, paper), ...lines].join('')
}

function verifiedPart({ verified }: ToolFile, paper: Paper): string {
  if (verified === undefined) return ''
  const { head, packages } = verifiedWords(wordsOf(paper.language), verified)
  return [
    heading(toolWords[paper.language].tried, paper),
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
  return [heading(toolWords[paper.language].sources, paper), ...lines].join('')
}

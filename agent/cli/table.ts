// Tables and text for a terminal: aligned, wrapped to its width, every character harmless. Pure.
import { inert } from '#shared/inert.ts'
import type { Language } from '#shared/words/language.ts'

export interface Column {
  readonly title: string
  /** The one column that is wrapped when the terminal is narrow. */
  readonly wraps?: boolean
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green'
export interface Cell {
  readonly text: string
  readonly style?: Style
}

export interface Paper {
  /** Columns of the terminal; null: do not wrap. */
  readonly columns: number | null
  readonly colour: boolean
  readonly language: Language
}

const codes = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 } as const satisfies Record<Style, number>

/** The text in a style where colours are wanted. */
export function styled(text: string, style: Style | undefined, paper: Paper): string {
  return style !== undefined && paper.colour ? `\u001B[${codes[style]}m${text}\u001B[0m` : text
}

/** Characters that take two columns: East Asian wide ones and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u
const marks = /\p{Mn}|\p{Me}/u

/** How many columns a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += marks.test(char) ? 0 : wide.test(char) ? 2 : 1
  return width
}

/** The text with spaces behind it, to as many columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

const gap = '  '
const leastWrapped = 16

/** One line per row, more where the wrapping column needs them; ends with a newline. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paper: Paper,
): string {
  const texts = rows.map((row) => row.map((cell) => inert(cell.text)))
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...texts.map((row) => widthOf(row[index] ?? ''))),
  )
  const wrapped = columns.findIndex((column) => column.wraps === true)
  if (paper.columns !== null && wrapped >= 0) {
    const others = widths.reduce(
      (sum, width, index) => (index === wrapped ? sum : sum + width + gap.length),
      0,
    )
    widths[wrapped] = Math.max(leastWrapped, Math.min(widths[wrapped] ?? 0, paper.columns - others))
  }
  const lines = [columns.map((column) => ({ text: column.title, style: 'bold' as const }))]
    .concat([])
    .map((row) =>
      renderRow(
        row,
        row.map((cell) => cell.text),
        widths,
        wrapped,
        paper,
      ),
    )
  for (const [index, row] of rows.entries())
    lines.push(renderRow(row, texts[index] ?? [], widths, wrapped, paper))
  return `${lines.join('\n')}\n`
}

function renderRow(
  row: readonly Cell[],
  texts: readonly string[],
  widths: readonly number[],
  wrapped: number,
  paper: Paper,
): string {
  const parts = texts.map((text, index) => (index === wrapped ? wrap(text, widths[index] ?? 0) : [text]))
  const height = Math.max(1, ...parts.map((part) => part.length))
  return Array.from({ length: height }, (_, line) =>
    parts
      .map((part, index) => {
        const text = part[line] ?? ''
        const last = index === parts.length - 1
        return styled(last ? text : pad(text, widths[index] ?? 0), row[index]?.style, paper)
      })
      .join(gap)
      .trimEnd(),
  ).join('\n')
}

/**
 * What stays on one line: spaces; an East Asian character with what opens before it and closes behind it; a word of another
 * script.
 */
const pieces =
  / +|[（《「『【]*(?:[\u2E80-\u2FDF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3][、。，：；！？）》」』】”’.,:;!?)%]*|[^ （《「『【\u2E80-\u2FDF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3]+)|[（《「『【]+/gu

/** Breaks text at spaces and between East Asian characters, and words that are too long anywhere. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0 || widthOf(text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  let space = ''
  for (const piece of text.match(pieces) ?? []) {
    if (piece.startsWith(' ')) {
      space = piece
      continue
    }
    const longer = `${line}${space}${piece}`
    space = ''
    if (widthOf(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = piece
    while (widthOf(line) > width) {
      const head = headOf(line, width)
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  return line === '' ? lines : [...lines, line]
}

function headOf(text: string, width: number): string {
  let head = ''
  for (const char of text) {
    if (head !== '' && widthOf(head + char) > width) break
    head += char
  }
  return head
}

/** Plain text of several sentences, wrapped to the terminal. */
export function paragraph(text: string, paper: Paper, indent = ''): string {
  const lines = paper.columns === null ? [text] : wrap(text, Math.max(20, paper.columns - indent.length))
  return `${lines.map((line) => `${indent}${line}`).join('\n')}\n`
}

/** A heading, set off from what follows by its style alone. */
export function heading(text: string, paper: Paper): string {
  return `${styled(text, 'bold', paper)}\n`
}

/** One entry of a list, wrapped under its own beginning. Every character harmless. */
export function bullet(text: string, paper: Paper, indent = '  '): string {
  const lead = `${indent}- `
  const under = ' '.repeat(lead.length)
  return lead + paragraph(inert(text), paper, under).slice(under.length)
}

/** A path or an address on a line of its own: never broken, so that it can be copied. Every character harmless. */
export function unbroken(text: string, indent = '    '): string {
  return `${indent}${inert(text)}\n`
}

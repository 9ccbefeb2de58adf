// Reads PowerShell as a grammar does, where there is none to run it. A script that the grammar takes may still be wrong: names,
// types and what it does are not looked at.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Language, Parser } from '@vscode/tree-sitter-wasm'

const folder = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm'))

/** Answers where a text is no PowerShell, as `line:column: what stands there`; nothing where all of it is. */
export async function powershellFaults(): Promise<(text: string) => readonly string[]> {
  await Parser.init({ locateFile: (name: string) => join(folder, name) })
  const language = await Language.load(readFileSync(join(folder, 'tree-sitter-powershell.wasm')))
  const parser = new Parser()
  parser.setLanguage(language)
  return (text) => {
    const tree = parser.parse(text.replace(/^\uFEFF/, ''))
    if (tree === null) throw new Error('the parser was stopped')
    const faults: string[] = []
    const pending = [tree.rootNode]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (!node.hasError) continue
      if (node.isError || node.isMissing) {
        const { row, column } = node.startPosition
        const what = node.isMissing ? `${node.type} is missing` : node.text.split('\n')[0]
        faults.push(`${row + 1}:${column + 1}: ${what}`)
      } else pending.push(...node.children.filter((child) => child !== null))
    }
    tree.delete()
    return faults
  }
}

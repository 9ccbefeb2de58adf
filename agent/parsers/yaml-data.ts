// Plain data from YAML that somebody else wrote. The library's own conversion and its check for keys that stand twice take time
// that grows with the square of a document and more: measured, 64 KB of `? ? ?` were not done in a minute. Pure.
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Parser } from 'yaml'

/** More than any settings that people write. */
const maxNodes = 20_000
const maxDepth = 50
/** A version, and handles of tags that nobody uses in settings. */
const maxDirectives = 10
/** Each is looked for in the whole document. */
const maxAliases = 50

/** Objects, lists and scalars; keys that are no scalars are left out. Throws for what is no YAML, or more than settings are. */
export function parseYamlData(text: string): unknown {
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const
  const [document, another] = new Composer(options).compose(tokensOf(text), true, text.length)
  const [error] = document?.errors ?? []
  if (error !== undefined) throw error
  if (document === undefined || another !== undefined) throw new Error('not one document')
  let nodes = 0
  let aliases = 0

  const plain = (node: unknown, depth: number): unknown => {
    nodes += 1
    if (isAlias(node)) aliases += 1
    if (nodes > maxNodes || depth > maxDepth || aliases > maxAliases)
      throw new Error('more than settings are')
    if (isAlias(node)) return plain(node.resolve(document as Document), depth + 1)
    if (isScalar(node)) return node.value
    if (isSeq(node)) return node.items.map((item) => plain(item, depth + 1))
    if (!isMap(node)) return null
    return Object.fromEntries(
      node.items.flatMap(({ key, value }) =>
        isScalar(key) ? [[String(key.value), plain(value, depth + 1)]] : [],
      ),
    )
  }

  return plain(document.contents, 0)
}

/** Up to the first that is none: what follows one brings thousands more, each with what it takes to tell of it. */
function* tokensOf(text: string) {
  let directives = 0
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') throw new Error(token.message)
    if (token.type === 'directive') directives += 1
    if (directives > maxDirectives) throw new Error('more than settings are')
    yield token
  }
}

// XML as text, from a tree of elements: what device management of macOS and Windows is given. Escapes everything.
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Element | string)[]
): Element {
  return { name, attributes, children }
}

/** A document with its declaration, an element a line; text stays as it is. */
export function xmlDocument(root: Element, doctype = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${doctype}${written(root, '')}\n`
}

/** An element without a document around it. */
export function xmlText(root: Element): string {
  return `${written(root, '')}\n`
}

function written({ name, attributes, children }: Element, indent: string): string {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)]
  const start = `${indent}<${opening.join(' ')}`
  if (children.length === 0) return `${start}/>`
  if (children.every((child) => typeof child === 'string'))
    return `${start}>${children.map(escaped).join('')}</${name}>`
  const inner = children.map((child) =>
    typeof child === 'string' ? `${indent}  ${escaped(child)}` : written(child, `${indent}  `),
  )
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`
}

const names: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => names[sign] ?? sign)
}

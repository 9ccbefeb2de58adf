// XML as elements and the text between them, for files that somebody else wrote: each character is looked at once, however a file is
// cut off or forged. No document types, no entities but where a reader asks for them. Pure.

export type XmlToken =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'open' | 'close' | 'empty'; readonly element: string; readonly attributes: string }

const elementName = /^[A-Za-z_][\w:.-]*/

/** In the order of the file, up to where it is no XML any more. Comments, instructions and declarations are left out. */
export function* xmlTokens(xml: string): Generator<XmlToken> {
  for (let at = 0; at < xml.length;) {
    const open = xml.indexOf('<', at)
    if (open !== at) yield { is: 'text', text: xml.slice(at, open < 0 ? xml.length : open) }
    if (open < 0) return
    const hidden = hiddenAt(xml, open)
    const close = xml.indexOf(hidden?.ends ?? '>', open + (hidden?.begins.length ?? 1))
    if (close < 0) return
    if (hidden === undefined) yield* elementIn(xml.slice(open + 1, close))
    else if (hidden.isText) yield { is: 'text', text: xml.slice(open + hidden.begins.length, close) }
    at = close + (hidden?.ends.length ?? 1)
  }
}

const hiddenParts = [
  { begins: '<!--', ends: '-->', isText: false },
  { begins: '<![CDATA[', ends: ']]>', isText: true },
  { begins: '<?', ends: '?>', isText: false },
  { begins: '<!', ends: '>', isText: false },
] as const

function hiddenAt(xml: string, at: number): (typeof hiddenParts)[number] | undefined {
  return hiddenParts.find(({ begins }) => xml.startsWith(begins, at))
}

function* elementIn(inner: string): Generator<XmlToken> {
  const closes = inner.startsWith('/')
  const isEmpty = !closes && inner.endsWith('/')
  const tag = inner.slice(closes ? 1 : 0, isEmpty ? -1 : inner.length)
  const element = elementName.exec(tag)?.[0]
  if (element === undefined) return
  yield {
    is: closes ? 'close' : isEmpty ? 'empty' : 'open',
    element,
    attributes: tag.slice(element.length),
  }
}

// Makes text from elsewhere (a device, a file name, a host name) safe to show to a person: nothing in it can hide, reorder or escape.
// For eyes only: what is compared, stored or linked stays as it was.

// Control and format characters (among them all that reorder text), line separators, what is not drawn at all, lone surrogates.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]|\p{Default_Ignorable_Code_Point}/gu

/** The text with every character that is invisible or reorders others written as `\u{202e}`. */
export function inert(text: string): string {
  return text.replace(unsafe, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

/** The same, cut to `max` characters as a person counts them, with an ellipsis where something was left out. */
export function inertShort(text: string, max: number): string {
  const points = Array.from(inert(text))
  return points.length <= max ? points.join('') : `${points.slice(0, max - 1).join('')}…`
}

// Makes text from elsewhere (a device, a file name, a host name) safe to show to a person: nothing in it can hide, reorder or escape.
// For eyes only: what is compared, stored or linked stays as it was.

// Control characters; the marks that reorder text; zero-width characters, soft hyphen and other invisible signs; lone surrogates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu

/** The text with every character that is invisible or reorders others written as `\u{202e}`. */
export function inert(text: string): string {
  return text.replace(unsafe, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

/** The same, cut to `max` characters as a person counts them, with an ellipsis where something was left out. */
export function inertShort(text: string, max: number): string {
  const points = Array.from(inert(text))
  return points.length <= max ? points.join('') : `${points.slice(0, max - 1).join('')}…`
}

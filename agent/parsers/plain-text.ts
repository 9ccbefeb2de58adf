// What patterns do at a cost that grows with the square of what somebody else wrote. Here it grows with its length. Pure.

/** Without so many of a character as it ends in. */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === character) end -= 1
  return text.slice(0, end)
}

/** A path without slashes at its end; the root keeps the one that it is. */
export function withoutTrailingSlash(path: string): string {
  return path === '' ? '' : withoutTrailing(path, '/') || '/'
}

/** What stands before the first zero. */
export function untilZero(text: string): string {
  const zero = text.indexOf('\0')
  return zero < 0 ? text : text.slice(0, zero)
}

/** What stands after the last slash or backslash. */
export function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** What stands before and after the first time that something does, without blanks around either; null where it does not. */
export function partedAt(text: string, separator: string): readonly [before: string, after: string] | null {
  const at = text.indexOf(separator)
  return at < 0 ? null : [text.slice(0, at).trim(), text.slice(at + separator.length).trim()]
}

// Finds the one-time token in a login link, wherever in it the token stands. Pure.

const Token = /^[A-Za-z0-9_.-]{16,200}$/u

/** The token in `…/login#TOKEN`, `…?token=TOKEN`, or the bare token; null when there is none. */
export function tokenOf(text: string): string | null {
  const trimmed = text.trim()
  if (Token.test(trimmed)) return trimmed
  if (!URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  const hash = url.hash.slice(1)
  const named = url.searchParams.get('token') ?? new URLSearchParams(hash).get('token')
  const token = named ?? hash
  return Token.test(token) ? token : null
}

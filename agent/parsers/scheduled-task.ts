// A task of Windows' scheduler, from its file in System32\Tasks: what it starts, and for whom. Pure.
// Source: the schema of tasks (MS-TSCH 2.5), looked at 2026-11-23. Files are UTF-16LE with a mark.

export interface ScheduledTask {
  /** As written; variables (`%windir%`) are not filled in. */
  readonly program: string
  /** SID or name; null for a group. */
  readonly user: string | null
}

export const maxTaskBytes = 256 * 1024

/** Tasks that are switched off start nothing. */
export function parseScheduledTask(bytes: Uint8Array): readonly ScheduledTask[] {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes)
  const settings = /<Settings>([\s\S]*?)<\/Settings>/.exec(text)?.[1] ?? ''
  if (/^\s*<Enabled>false<\/Enabled>/m.test(settings.replaceAll(/<(\w+)>\s*<[\s\S]*?<\/\1>/g, ''))) return []
  const user = /<UserId>\s*([^<]+?)\s*<\/UserId>/.exec(
    /<Principals>[\s\S]*<\/Principals>/.exec(text)?.[0] ?? '',
  )?.[1]
  return [...text.matchAll(/<Command>\s*([^<]+?)\s*<\/Command>/g)].map(([, command = '']) => ({
    program: command
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .replace(/^"(.*)"$/, '$1'),
    user: user ?? null,
  }))
}

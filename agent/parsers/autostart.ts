// Programs that the system starts for an account by itself: units of systemd and lines of crontabs. Absolute paths alone; a
// bare name is found where PATH leads. Pure.
// Sources: systemd.service(5), crontab(5), looked at 2026-11-22.

export const maxUnitBytes = 256 * 1024
export const maxCrontabBytes = 512 * 1024
const maxPrograms = 100

/** `ExecStart=` and its kin, prefixes such as `-` and `@` left off. */
export function parseUnit(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes)
  const found = text.matchAll(
    /^[ \t]*Exec(?:Start(?:Pre|Post)?|Condition|Reload)[ \t]*=[ \t]*[-@:+!]*("[^"\n]+"|\S+)/gm,
  )
  return absolute([...found].map((match) => match[1] ?? ''))
}

/** An account's own crontab: five fields or `@daily`, then a command. */
export function parseCrontab(bytes: Uint8Array): readonly string[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return absolute(
    lines.flatMap((line) => {
      const command = /^\s*(?:@\w+|(?:[\d*][^\s]*\s+){4}[^\s#=]+)\s(.*)$/s.exec(line)?.[1]
      const first = command
        ?.trimStart()
        .split(/\s+/)
        .find((word) => !/^\w+=/.test(word))
      return first === undefined ? [] : [first]
    }),
  )
}

function absolute(programs: readonly string[]): readonly string[] {
  return programs
    .map((program) => program.replaceAll('"', ''))
    .filter((program) => program.startsWith('/') || program.startsWith('%h/') || program.startsWith('$HOME/'))
    .slice(0, maxPrograms)
}

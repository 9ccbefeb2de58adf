// The agent's command line: finds the command, reads its options, runs it. One of the three places that catch.
import os from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { languages, type Language } from '#shared/words/language.ts'
import { fail, type Command, type Given, type Io } from './cli/command.ts'
import { languageOf, namedLanguage } from './cli/language.ts'
import { sentences } from './cli/words/said.ts'
import { commandNames, entryOf } from './cli/registry.ts'
import { thisProcess } from './platform/rights.ts'

async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const { programHelp } = await import('./cli/help.ts')
    io.out(programHelp(io.language))
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    const { agentVersion } = await import('./version.ts')
    io.out(`${agentVersion}\n`)
    return 0
  }
  const entry = entryOf(name)
  if (entry === null) {
    const { nearestOf } = await import('#shared/policy.ts')
    const near = nearestOf(name, commandNames)
    const say = await words(io.language)
    const hint = near === null ? null : say.nearest(near)
    return misused(io, 'command-unknown', [say.noCommand(name), hint, say.seeHelp('cutoff-agent')])
  }
  const command = await entry.load()
  const given = readGiven(command, rest)
  if (typeof given === 'string' || given.positionals.length > command.words) {
    const say = await words(io.language)
    const wrong = typeof given === 'string' ? given : say.tooMany(given.positionals[command.words] ?? '')
    return misused(io, 'option-invalid', [wrong, say.seeHelp(`cutoff-agent ${command.name}`)])
  }
  const named = given.values['lang']
  const language = typeof named === 'string' ? namedLanguage(named) : io.language
  if (language === null) {
    const say = await words(io.language)
    return misused(io, 'option-invalid', [say.languages(languages.join(', '))])
  }
  if (given.values['help'] === true) {
    const { commandHelp } = await import('./cli/help.ts')
    io.out(commandHelp(command, entry.about, language))
    return 0
  }
  return command.run(given, { ...io, language })
}

async function words(language: Language) {
  const { failureWords } = await import('./cli/words/failure-words.ts')
  return failureWords[language]
}

/** Says what was given wrongly. */
function misused(io: Io, code: string, parts: readonly (string | null)[]): number {
  fail(io, code, sentences(io.language, parts))
  return 2
}

/** The options as given, or what is wrong with them. */
function readGiven(command: Command, args: readonly string[]): Given | string {
  const options = Object.fromEntries([
    ...Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const),
    ['lang', { type: 'string' as const }] as const,
    ['help', { type: 'boolean' as const, short: 'h' }] as const,
  ])
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    })
    // No option is declared to be given more than once, so that no value is a list.
    return { values: values as Given['values'], positionals }
  } catch (error) {
    // Only what parseArgs says of the arguments; its messages are meant for people.
    if (error instanceof TypeError && 'code' in error)
      return `${error.message.split('. ')[0] ?? error.message}.`
    throw error
  }
}

function thisIo(): Io {
  const { env, stdout } = process
  const { account, uid, home, readsAll } = thisProcess(env)
  return {
    env,
    out: (text) => void stdout.write(text),
    // Asked for only where something is said there: making a stream of it takes some milliseconds.
    err: (text) => void process.stderr.write(text),
    columns: stdout.isTTY ? stdout.columns : null,
    colour: stdout.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
    // Intl knows it too, and takes 2 MB of memory and 15 ms to say it.
    language: languageOf(env, () => navigator.language),
    account,
    uid,
    home,
    root: readsAll,
    windows: os.type() === 'Windows_NT',
    now: Date.now,
    async systemProxy() {
      const { systemProxy } = await import('./platform/system-proxy.ts')
      return systemProxy()
    },
  }
}

// A reader that has seen enough (`| head`) is no failure; what was asked for is still done, and its status told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// No await at the top level: the executable's entry is CommonJS, which knows none.
void runToStatus().then((status) => {
  process.exitCode = status
})

async function runToStatus(): Promise<number> {
  try {
    return await main(process.argv.slice(2), thisIo())
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : 'unknown error'
    process.stderr.write(`cutoff-agent: ${text} [bug]\n`)
    return 1
  }
}

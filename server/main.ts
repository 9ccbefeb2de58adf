// The server's command line: finds the command and runs it. One of the places that catch.
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { enrolTokenCommand, userCommand } from './cli/access.ts'
import { CommandError, type Command, type Terminal } from './cli/command.ts'
import { deviceCommand } from './cli/device.ts'
import { keysCommand } from './cli/keys.ts'
import { policyCommand } from './cli/policy.ts'
import { readConfig, type Config } from './config.ts'
import { KeyError } from './key-files.ts'
import { openContext, processSurroundings } from './open-context.ts'
import { ListenError, serve } from './serve.ts'
import { DatabaseError } from './store/database.ts'

const usage = `cutoff-server COMMAND

  serve               run the server
  policy plan FILE    show which findings a policy would change, and change nothing
  policy apply FILE   put a policy into force
  policy status       show how far it is on its way to the devices, and how they fare
  policy release      give it to all devices at once
  policy halt|resume  let no other device have it, or go on where it was halted
  enrol-token         make a token with which agents enrol (--once: for one device; --days N, default 30)
  user link           make a one-time login link for the administrator
  device ID           show what is held of a device, as JSON (--reason TEXT: with names; recorded)
  keys                show the public keys, former ones too, the fingerprint that agents get from the managed side, and which
                      devices have followed to it (--all: name each that has not)
  keys prepare organisation       make the key that is to follow, so that agents can be told of it before
  keys replace organisation       put it into force (--unprepared: another one, where the key is lost or stolen)
  keys replace receipt            put another one into force; agents follow by themselves
                      (both: --reason TEXT, recorded; without --yes they say what would follow, and change nothing)

The environment says the rest: CUTOFF_DATA, CUTOFF_DATABASE_URL, CUTOFF_LISTEN, CUTOFF_PUBLIC_URL, …`

const commands: Readonly<Record<string, Command>> = {
  policy: policyCommand,
  'enrol-token': enrolTokenCommand,
  user: userCommand,
  device: deviceCommand,
  keys: keysCommand,
}

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  readFile(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new CommandError(
        'file-unreadable',
        `The file ${path} cannot be read (${code}): check its name and rights.`,
      )
    }
  },
}

async function run([name = 'help', ...args]: readonly string[], config: Config): Promise<void> {
  if (name === 'help' || name === '--help') return terminal.out(usage)
  if (name === 'serve') return runServer(config)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined)
    throw new CommandError('usage', `There is no command "${name}": see cutoff-server help.`)
  const context = await openContext(config, processSurroundings(pino({ level: 'silent' })))
  try {
    await command(context, args, terminal)
  } finally {
    await context.store.close()
  }
}

async function runServer(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  const running = await serve(await openContext(config, processSurroundings(log)))
  log.info({ url: config.publicUrl }, 'the server is up')
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  await running.stop()
}

// A reader that has seen enough (`| head`) is no failure; what was asked for is still done.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  const read = readConfig(process.env)
  if (!read.ok) throw new CommandError('config-invalid', read.message)
  await run(process.argv.slice(2), read.config)
} catch (error) {
  const expected =
    error instanceof CommandError ||
    error instanceof DatabaseError ||
    error instanceof KeyError ||
    error instanceof ListenError
  if (!expected) throw error
  process.stderr.write(`cutoff-server: ${error.message} [${error.code}]\n`)
  process.exitCode = 1
}

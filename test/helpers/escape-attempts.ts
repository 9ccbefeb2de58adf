// What JavaScript inside the service could try: each attempt with `ok` or the reason it was refused, one a line. Run in the agent's
// place, with the folder of the state, the
// number of a process of root and any library. A program of its own, not imported by any.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createServer } from 'node:net'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

const [state = '', pid = '', library = ''] = process.argv.slice(2)

async function attempt(name: string, run: () => unknown): Promise<void> {
  let outcome = 'ok'
  try {
    await run()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    outcome = code ?? message
    // Their codes say only who refused, not why.
    if (code === 'ERR_SQLITE_ERROR' || code === 'ERR_DLOPEN_FAILED') outcome = message.replaceAll(/\s+/g, '-')
    // As execFileSync tells of a program that was started and failed.
    if (code === undefined) outcome = 'failed'
  }
  process.stdout.write(`${name} ${outcome}\n`)
}

const write = (path: string) => fs.writeFileSync(path, 'x')
const listen = () =>
  new Promise<void>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => server.close(() => resolve()))
  })

await attempt('write-state', () => write(`${state}/attempt`))
await attempt('write-copies', () => write(`${state}-accounts/attempt`))
for (const folder of [
  '/etc',
  '/usr/bin',
  '/home',
  '/root',
  '/tmp',
  '/var/tmp',
  '/var/lib',
  '/run',
  '/dev/shm',
  '/proc/sys/kernel',
])
  await attempt(`write ${folder}`, () => write(`${folder}/cutoff-attempt`))
await attempt('link-to-passwd', () => fs.symlinkSync('/etc/passwd', `${state}/link`))
await attempt('write-through-link', () => fs.appendFileSync(`${state}/link`, 'x'))
await attempt('give-away', () => fs.chownSync(`${state}/attempt`, 0, 0))
await attempt('start-shell', () => execFileSync('/bin/sh', ['-c', ':']))
await attempt('start-by-loader', () => {
  const loader = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].find((path) =>
    fs.existsSync(path),
  )
  execFileSync(loader ?? '', ['/bin/true'], { stdio: 'ignore' })
})
await attempt('start-own-program', () => {
  fs.copyFileSync('/bin/true', `${state}/program`)
  fs.chmodSync(`${state}/program`, 0o700)
  execFileSync(`${state}/program`)
})
await attempt('load-native-code', () => {
  // Any library will do: it is refused before anybody asks what is in it.
  fs.copyFileSync(library, `${state}/code.node`)
  process.dlopen({ exports: {} }, `${state}/code.node`)
})
await attempt(
  'worker',
  () =>
    new Promise((resolve, reject) =>
      new Worker('', { eval: true }).once('error', reject).once('exit', resolve),
    ),
)
await attempt('sqlite-state', () => new DatabaseSync(`${state}/own.sqlite`).exec('CREATE TABLE t (a)'))
for (const folder of ['/etc', '/tmp'])
  await attempt(`sqlite-attach ${folder}`, () =>
    new DatabaseSync(':memory:').exec(
      `ATTACH '${folder}/cutoff-attempt.sqlite' AS other; CREATE TABLE other.t (a)`,
    ),
  )
await attempt('signal-root', () => process.kill(Number(pid), 0))
await attempt('memory-of-root-write', () => fs.openSync(`/proc/${pid}/mem`, 'r+'))
await attempt('listen', listen)
await attempt('through-root-of-init /etc', () => write(`/proc/${pid}/root/etc/cutoff-attempt`))
await attempt('through-root-of-init /etc/passwd', () =>
  fs.appendFileSync(`/proc/${pid}/root/etc/passwd`, 'x'),
)
// What the two capabilities leave open, as SECURITY.md says.
await attempt('left-open: through-root-of-init /tmp', () => write(`/proc/${pid}/root/tmp/cutoff-attempt`))
await attempt('left-open: memory-of-root-read', () => fs.closeSync(fs.openSync(`/proc/${pid}/mem`, 'r')))
await attempt('left-open: shadow', () => fs.readFileSync('/etc/shadow'))
await attempt('left-open: key-of-root', () => fs.readFileSync('/root/.ssh/cutoff-test-key'))

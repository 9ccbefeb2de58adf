// A Debian for arm64 on an emulated computer (qemu-system), with its own kernel and systemd: what packages for that processor are
// tried in. Reached by ssh; this machine's loopback is 10.0.2.2 there. Needs root, and patience: each instruction is translated.
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../helpers/system.ts'
import { archiveName, suite, type Container, type Said } from './container.ts'

const packages = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'linux-image-cloud-arm64', 'openssh-server'],
  ...['dbus-user-session', 'libpam-systemd', 'ca-certificates', 'rpm', 'libatomic1', 'init-system-helpers'],
].join(',')
/** For programs that run there. */
export const compiler = 'aarch64-linux-gnu-gcc'
const tools = [
  ...['qemu-system-aarch64', 'debootstrap', 'dpkg-deb', 'cpio', 'mke2fs', 'ssh', 'scp', 'ssh-keygen'],
  compiler,
]

export interface EmulatedMachine extends Pick<Container, 'sh' | 'bring' | 'close'> {
  /** What this machine's loopback is called there. */
  readonly host: string
  /** Its address there, which the name leads to. */
  readonly address: string
}

/** Why none can be made here; undefined where one can. */
export function whyNoEmulation(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  const missing = tools.filter((tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0)
  return missing.length === 0
    ? undefined
    : `no ${missing.join(', ')}: apt-get install qemu-system-arm debootstrap cpio e2fsprogs openssh-client gcc-aarch64-linux-gnu libc6-dev-arm64-cross`
}

/** @param cache where the root file system is kept between runs, as an archive */
export async function bootEmulated(cache: string): Promise<EmulatedMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-emulated-'))
  const archive = join(cache, archiveName('arm64', packages))
  if (!existsSync(archive)) await makeArchive(folder, archive)
  const root = join(folder, 'root')
  mkdirSync(root)
  run('tar', '-C', root, '-xf', archive)
  const host = 'cutoff.example'
  // Of the machine that emulates, as qemu shows it.
  const address = '10.0.2.2'
  const key = join(folder, 'key')
  run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key)
  mkdirSync(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 })
  writeFileSync(join(root, 'root/.ssh/authorized_keys'), readFileSync(`${key}.pub`), { mode: 0o600 })
  appendFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost\n${address} ${host}\n`)
  writeFileSync(join(root, 'etc/systemd/network/all.network'), '[Match]\nName=e*\n[Network]\nDHCP=yes\n')
  symlinkSync(
    '/lib/systemd/system/systemd-networkd.service',
    join(root, 'etc/systemd/system/multi-user.target.wants/systemd-networkd.service'),
  )
  const disk = join(folder, 'disk')
  run('mke2fs', '-q', '-t', 'ext4', '-d', root, disk, '3G')

  const port = await freePort()
  const machine = emulate(folder, {
    ...kernelIn(join(root, 'boot')),
    disk,
    memoryMb: 2048,
    words: 'root=/dev/vda rw systemd.unit=multi-user.target',
    sshPort: port,
  })
  const options = [
    ...['-i', key, '-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(folder, 'hosts')}`],
    ...['-o', 'LogLevel=ERROR', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=60'],
    // One connection for all commands: making one takes seconds there.
    ...[
      '-o',
      'ControlMaster=auto',
      '-o',
      `ControlPath=${join(folder, 'control')}`,
      '-o',
      'ControlPersist=600',
    ],
  ]
  const ssh = ['-p', String(port), ...options, 'root@127.0.0.1']
  const sh = (command: string): Said => {
    // Its outputs go to files: the connection that lasts would keep pipes open.
    const out = join(folder, 'said')
    const file = openSync(out, 'w')
    const { status } = spawnSync('ssh', [...ssh, command], { stdio: ['ignore', file, file] })
    closeSync(file)
    return { status: status ?? -1, out: readFileSync(out, 'utf8') }
  }
  const close = async (): Promise<void> => {
    spawnSync('ssh', ['-O', 'exit', ...ssh], { stdio: 'ignore' })
    machine.process.kill('SIGKILL')
    await machine.ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (const end = Date.now() + 600_000; !/running|degraded/.test(sh('systemctl is-system-running').out);) {
    if (Date.now() > end) {
      const said = machine.said().slice(-2000)
      await close()
      throw new Error(`the emulated machine does not come up: ${said}`)
    }
    await sleep(2000)
  }
  return {
    host,
    address,
    sh,
    bring(file) {
      run('scp', '-q', '-P', String(port), ...options, file, 'root@127.0.0.1:/root/')
      return `/root/${basename(file)}`
    },
    close,
  }
}

interface Computer {
  readonly kernel: string
  readonly initrd: string
  readonly disk: string
  readonly memoryMb: number
  /** For the kernel. */
  readonly words: string
  /** Of this machine, which leads to it; null: it has no network. */
  readonly sshPort: number | null
}

function emulate(folder: string, computer: Computer) {
  const log = join(folder, 'console')
  const file = openSync(log, 'w')
  const network =
    computer.sshPort === null
      ? ['-nic', 'none']
      : [
          ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${computer.sshPort}-:22`],
          ...['-device', 'virtio-net-device,netdev=net'],
        ]
  const process = spawn(
    'qemu-system-aarch64',
    [
      ...[
        '-machine',
        'virt',
        '-cpu',
        'cortex-a72',
        '-m',
        String(computer.memoryMb),
        '-nographic',
        '-no-reboot',
      ],
      ...['-kernel', computer.kernel, '-initrd', computer.initrd],
      ...['-append', `console=ttyAMA0 ${computer.words}`],
      ...[
        '-drive',
        `file=${computer.disk},format=raw,if=none,id=disk`,
        '-device',
        'virtio-blk-device,drive=disk',
      ],
      ...network,
    ],
    { stdio: ['ignore', file, file] },
  )
  closeSync(file)
  return {
    process,
    ended: new Promise<void>((resolve) => process.once('exit', () => resolve())),
    said: () => readFileSync(log, 'utf8'),
  }
}

/** Beside the root file system. */
function kernelIn(boot: string): Pick<Computer, 'kernel' | 'initrd'> {
  const named = (start: string) =>
    join(boot, readdirSync(boot).find((name) => name.startsWith(start)) ?? start)
  return { kernel: named('vmlinuz-'), initrd: named('initrd.img-') }
}

/**
 * What debootstrap does on this processor, it does here; what programs of the packages have to do, the emulated computer does,
 * with the new system as its first file system and the archive as its disk. Takes ten minutes or more, once.
 */
async function makeArchive(folder: string, archive: string): Promise<void> {
  const tree = join(folder, 'tree')
  run('debootstrap', '--foreign', '--arch=arm64', '--variant=minbase', `--include=${packages}`, suite, tree)
  const debs = join(tree, 'var/cache/apt/archives')
  const kernel = readdirSync(debs).find((name) => /^linux-image-\d/.test(name)) ?? ''
  run('dpkg-deb', '-x', join(debs, kernel), join(folder, 'kernel'))
  writeFileSync(join(tree, 'init'), secondStage, { mode: 0o755 })
  const initrd = join(folder, 'initrd')
  run('sh', '-c', `cd '${tree}' && find . -print0 | cpio -0 -o -H newc --quiet > '${initrd}'`)
  const disk = join(folder, 'archive')
  run('truncate', '-s', '2G', disk)
  const machine = emulate(folder, {
    kernel: kernelIn(join(folder, 'kernel/boot')).kernel,
    initrd,
    disk,
    memoryMb: 4096,
    words: 'rdinit=/init',
    sshPort: null,
  })
  await machine.ended
  if (!machine.said().includes('the archive is written'))
    throw new Error(`Debian for arm64 was not made: ${machine.said().slice(-2000)}`)
  mkdirSync(join(archive, '..'), { recursive: true })
  run('cp', '--sparse=always', disk, `${archive}.part`)
  renameSync(`${archive}.part`, archive)
}

/** What the computer runs first, and all that it runs. */
const secondStage = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
exec >/dev/console 2>&1
rm -f /proc
mkdir -p /proc
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
/debootstrap/debootstrap --second-stage || cat /debootstrap/debootstrap.log
rm -rf /init /var/cache/apt/archives/*.deb
modprobe -a virtio_mmio virtio_blk
sleep 1
tar -C / --one-file-system --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -cf /dev/vda . && test -s /boot/initrd.img-* && echo the archive is written
mount -t proc proc /proc
sync
echo o > /proc/sysrq-trigger
sleep 60
`

function run(program: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
}

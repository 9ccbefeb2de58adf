// What is seen to be there and cannot be looked into: virtual machines, containers with a disk of their own, whole systems
// unpacked into a folder, and places elsewhere that an editor has windows on.
import type { Obstacle, Reach } from '../platform/files.ts'
import type { Account } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { maxStorageBytes, parseRemoteWindows } from '../parsers/remote-windows.ts'
import type { Host, Process } from '../platform/host.ts'
import { containerReach, homeReach } from '../platform/places.ts'
import { expand } from './expand.ts'

/** Programs that run a whole other system. */
const machineMonitor =
  /\/(?:qemu-system-\w+|qemu-kvm|kvm|VirtualBoxVM|VBoxHeadless|vmware-vmx|cloud-hypervisor|firecracker|crosvm|limactl)$/

/** Where engines mount the disks of containers that are up. */
const containerDisk =
  /^\/(?:var\/lib\/(?:docker|containers|containerd|rancher|lxc|kubelet)|run\/(?:containerd|docker)|home\/[^/]+\/\.local\/share\/(?:docker|containers))\//

/** Disks of running containers, as this machine's mount table shows them. */
export function containerDisks(host: Host): readonly Obstacle[] {
  const disks: Obstacle[] = []
  for (const [point, type] of host.files.mounts()) {
    const isDisk = (type === 'overlay' || type === 'fuse.fuse-overlayfs') && containerDisk.test(point)
    if (isDisk) disks.push({ reason: 'blind-spot', path: point, detail: 'container' })
  }
  return disks
}

/** A virtual machine, by the program that runs it. */
export function machineOf({ executable }: Process): Obstacle | null {
  if (executable === null || !machineMonitor.test(executable)) return null
  return { reason: 'blind-spot', path: executable, detail: 'virtual-machine' }
}

/** Another disk than this machine's, by the root folder that a process sees. */
export function containerOf(host: Host, process: Process): Obstacle | null {
  if (!process.contained) return null
  const own = host.files.reach({ roots: [{ path: '/', owners: null }] }).stat('/')
  const theirs = containerReach(host.files, process.pid).stat('/')
  // A service with some private folders still has this machine's disk.
  if (own.ok && theirs.ok && own.value.identity === theirs.value.identity) return null
  return { reason: 'blind-spot', path: '/', detail: 'container' }
}

/** Where systems are unpacked to be started in a container, a chroot or by PRoot. */
const systemRootPlaces = ['/var/lib/machines/*', '/srv/*', '/srv/chroot/*', '/var/chroot/*'] as const
const homeRootPlace = '*'

/** Folders that hold a whole system; of the machine (`account` null) or in an account's home, there at its top alone. */
export function rootFileSystems(
  host: Host,
  account: Account | null,
  isOver: () => boolean,
): readonly Obstacle[] {
  const reach =
    account === null
      ? host.files.reach({
          roots: ['/var/lib/machines', '/srv', '/var/chroot'].map((path) => ({ path, owners: null })),
        })
      : homeReach(host.files, account)
  const found: Obstacle[] = []
  for (const template of account === null ? systemRootPlaces : [`${account.home}/${homeRootPlace}`]) {
    // What cannot be seen of a folder that is anybody's hides no more than any other would.
    for (const { path, info } of expand({ reach, template, onGap: () => {}, isOver, dotted: false })) {
      if (info.kind === 'folder' && isSystem(reach, path))
        found.push({ reason: 'blind-spot', path, detail: 'root-file-system' })
    }
  }
  return found
}

/** Disks of WSL, each a whole Linux: of the Store's packages, and as `wsl --install` makes them since 2.4. */
export const wslPlaces = [
  '~/AppData/Local/Packages/*/LocalState/ext4.vhdx',
  '~/AppData/Local/wsl/*/ext4.vhdx',
] as const

/** Systems of WSL that an account has: nothing is started to look into one. */
export function wslDisks(host: Host, account: Account, isOver: () => boolean): readonly Obstacle[] {
  const reach = homeReach(host.files, account)
  return wslPlaces.flatMap((place) =>
    expand({ reach, template: pathOf(place, account.home), onGap: () => {}, isOver, dotted: false }).map(
      ({ path }): Obstacle => ({ reason: 'blind-spot', path, detail: 'wsl' }),
    ),
  )
}

/** `etc/os-release` may be a link that leads out of here, as seen from outside. */
function isSystem(reach: Reach, folder: string): boolean {
  return (
    reach.stat(`${folder}/usr/bin`).ok &&
    ['etc/os-release', 'usr/lib/os-release'].some((file) => reach.stat(`${folder}/${file}`).ok)
  )
}

/** Servers and containers that an editor has windows on; `user`: its folder `User`. Only their kinds are told. */
export function remoteWindows(reach: Reach, user: string): Obstacle | null {
  const path = `${user}/globalStorage/storage.json`
  const kinds = reach.parsed(path, maxStorageBytes, parseRemoteWindows)
  if (!kinds.ok) return kinds.gap
  return kinds.value.length === 0 ? null : { reason: 'blind-spot', path, detail: kinds.value.join(',') }
}

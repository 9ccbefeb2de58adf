// What is seen to be there and cannot be looked into: virtual machines, and containers with a disk of their own.
import type { Obstacle } from '../platform/files.ts'
import type { Host, Process } from '../platform/host.ts'
import { containerReach } from '../platform/places.ts'

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

// Reads the text of /proc/PID/mountinfo (proc(5)) and tells local file systems from those that can hang.
// Pure; touches no file.

/**
 * What a mount keeps of when a file was last read (mount(8)). `daily`: with relatime, the usual, once after each change
 * and then at most once in 24 hours. `never` also where nothing may be written.
 */
export type AccessTimes = 'always' | 'daily' | 'never'

export interface Mount {
  readonly point: string
  readonly type: string
  readonly accessTimes: AccessTimes
}

/**
 * File systems that are kept by this machine's own kernel on its own disks or memory. Everything else (nfs, cifs,
 * smb3, 9p, afs, ceph, autofs, fuse.* such as sshfs, and what is not known) may wait for somebody else, who may
 * never answer. `fuseblk` is a local disk (NTFS, exFAT) behind a system helper.
 */
const localTypes: ReadonlySet<string> = new Set(
  (
    'ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs nilfs2 vfat exfat msdos ntfs ntfs3 fuseblk apfs ' +
    'hfs hfsplus udf iso9660 squashfs erofs ubifs jffs2 overlay aufs ecryptfs tmpfs ramfs rootfs devtmpfs virtiofs ' +
    'proc sysfs devpts cgroup cgroup2 mqueue securityfs debugfs tracefs configfs pstore bpf efivarfs hugetlbfs ' +
    'binfmt_misc nsfs fusectl selinuxfs'
  ).split(' '),
)

export function isLocalType(type: string): boolean {
  return localTypes.has(type)
}

/** One entry per line, in the kernel's order: of two mounts on one point the later one is on top. */
export function parseMountinfo(text: string): readonly Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    // 36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw
    const dash = line.indexOf(' - ')
    if (dash < 0) continue
    const [, , , , point, options] = line.slice(0, dash).split(' ')
    const type = line.slice(dash + 3).split(' ')[0]
    if (point !== undefined && type)
      mounts.push({ point: unescapeOctal(point), type, accessTimes: accessTimesOf(options ?? '') })
  }
  return mounts
}

function accessTimesOf(options: string): AccessTimes {
  const set = new Set(options.split(','))
  if (set.has('noatime') || set.has('ro')) return 'never'
  return set.has('relatime') ? 'daily' : 'always'
}

/** Of the mount that an absolute path without links lies on; null when none is known. */
export function accessTimesAt(mounts: readonly Mount[], path: string): AccessTimes | null {
  let best: Mount | null = null
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`)
    if (isAbove && mount.point.length >= (best?.point.length ?? 0)) best = mount
  }
  return best?.accessTimes ?? null
}

/** The kernel writes space, tab, newline and backslash as \040 and so on. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

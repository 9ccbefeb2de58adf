// Reads the text of /proc/PID/mountinfo (proc(5)) and tells local file systems from those that can hang.
// Pure; touches no file.

export interface Mount {
  readonly point: string
  readonly type: string
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
    const point = line.slice(0, dash).split(' ')[4]
    const type = line.slice(dash + 3).split(' ')[0]
    if (point !== undefined && type) mounts.push({ point: unescapeOctal(point), type })
  }
  return mounts
}

/** The kernel writes space, tab, newline and backslash as \040 and so on. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

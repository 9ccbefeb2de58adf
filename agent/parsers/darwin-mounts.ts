// Reads what `mount` prints on macOS. Pure.
import type { Mount } from './mountinfo.ts'

/** `/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)`: one per line, a point may hold spaces. */
export function parseDarwinMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line): readonly Mount[] => {
    const [on, about] = [line.indexOf(' on /'), line.lastIndexOf(' (')]
    if (on < 0 || about <= on || !line.endsWith(')')) return []
    const point = line.slice(on + ' on '.length, about)
    const [type = '', ...said] = line.slice(about + ' ('.length, -1).split(', ')
    if (type === '') return []
    const options = new Set(said)
    // The kernel says itself what is on this machine's own disks; a FUSE file system may say so too, and be wrong.
    const isLocal = options.has('local') && !/fuse/i.test(type)
    const isNever = options.has('noatime') || options.has('read-only')
    // Of others APFS sets the time of access only where a file has changed since (mount(8), strictatime).
    return [{ point, type: isLocal ? type : `remote:${type}`, accessTimes: isNever ? 'never' : 'daily' }]
  })
}

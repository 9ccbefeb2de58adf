// Names of Windows' Prefetch files (`NAME.EXE-0BD30981.pf`): the number is made of the program's path, so that a name can be held
// against a place without a look into the file, which would list all that the program opened. Pure.
// The sum: libyal's libscca, "Windows Prefetch File (PF) format", Vista and later; looked at 2026-11-23. Programs that host others
// (svchost, rundll32) are summed with their arguments, and are none of ours.

/** Volumes have numbers, and which one a drive is the name does not tell: those of usual machines are tried. */
const volumes = 16
/** Of a longer name the file has the beginning. */
const maxNameLength = 29

/** The names, in upper case, that the file of a program may have. @param path without its drive: `/Users/ann/bin/x.exe` */
export function prefetchNames(path: string): readonly string[] {
  const native = upperCase(path.replaceAll('/', '\\'))
  const name = native.slice(native.lastIndexOf('\\') + 1).slice(0, maxNameLength)
  return Array.from({ length: volumes }, (_, index) => {
    const sum = sumOf(`\\DEVICE\\HARDDISKVOLUME${index + 1}${native}`)
    return `${name}-${sum.toString(16).toUpperCase().padStart(8, '0')}.PF`
  })
}

function sumOf(path: string): number {
  let sum = 314_159
  for (const byte of Buffer.from(path, 'utf16le')) sum = (Math.imul(sum, 37) + byte) >>> 0
  return sum
}

/** Letter by letter, as Windows does it: no ß becomes two. */
function upperCase(text: string): string {
  return text.replace(/[^]/g, (one) => (one.toUpperCase().length === 1 ? one.toUpperCase() : one))
}

// Keeps a process that rests most of its life small. Knows nothing of what the process does.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Tells the engine to prefer little memory to speed, and returns what gives back the memory of work that is over. V8 lets
 * its heap grow with the first full look and keeps it so for hours. Measured on a home of 2,000 session files (Node 26,
 * Linux), private memory: as it is 140 MB, with the settings 63 MB, after giving back 48 MB. Giving back takes about 20 ms.
 */
export function keepSmall(): () => void {
  // The young generation stays at its first size instead of 32 MB twice.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  return () => {
    if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
}

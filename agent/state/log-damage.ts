// Whether SQLite's write-ahead log was damaged. SQLite itself reads a log up to the first frame that does not fit its checksum and
// passes over the rest, which is right for a crash and would hide a flipped bit: it takes back what had been written down.
// Pure: bytes in, an answer out. The format is https://sqlite.org/fileformat2.html#walformat.

const headBytes = 32
const frameHeadBytes = 24
const magicLittle = 0x377f0682
const magicBig = 0x377f0683

/** What is wrong with a log; null for a whole one, an empty one, and one that ends in what a crash left half done. */
export function logDamage(log: Buffer): string | null {
  if (log.length < headBytes) return null
  const magic = log.readUInt32BE(0)
  if (magic !== magicLittle && magic !== magicBig) return 'the head of the log is damaged'
  const little = magic === magicLittle
  const salts = [log.readUInt32BE(16), log.readUInt32BE(20)] as const
  let sums: Sums = add([0, 0], log.subarray(0, 24), little)
  if (sums[0] !== log.readUInt32BE(24) || sums[1] !== log.readUInt32BE(28))
    return 'the head of the log is damaged'
  const frameBytes = frameHeadBytes + log.readUInt32BE(8)
  for (let at = headBytes; at + frameBytes <= log.length; at += frameBytes) {
    const salted = saltsThatFit(log, at, salts)
    const next = add(
      add(sums, log.subarray(at, at + 8), little),
      log.subarray(at + frameHeadBytes, at + frameBytes),
      little,
    )
    const fits = next[0] === log.readUInt32BE(at + 16) && next[1] === log.readUInt32BE(at + 20)
    if (salted === 2 && fits) sums = next
    else {
      const frame = log.subarray(at, at + frameBytes)
      const damaged =
        (salted === 2 && isOneBitOff(frame, next, little)) || isCompletedAfter(log, at, frameBytes, salts)
      return damaged ? `frame at ${at} of the log is damaged` : null
    }
  }
  return null
}

type Sums = readonly [number, number]

/**
 * Whether a transaction that the frame is part of, or a later one, was completed. Frames of the time before the log was begun anew
 * have other salts, which is how it ends; what a crash or a full disk left half done has frames of now and no end.
 */
function isCompletedAfter(log: Buffer, from: number, frameBytes: number, salts: Sums): boolean {
  for (let at = from; at + frameBytes <= log.length; at += frameBytes) {
    const fitting = saltsThatFit(log, at, salts)
    // One of two that fits is no chance: the other was flipped.
    if (fitting === 1) return true
    if (fitting === 2 && at > from && log.readUInt32BE(at + 4) !== 0) return true
  }
  return false
}

/**
 * Whether some flipped bit of a frame is all that is wrong with it. A frame's head is written before its page: a kill between the
 * two leaves the head over another page, which is no damage, and far more than one bit off.
 * @param sums what the frame's checksum would be as it lies there
 */
function isOneBitOff(frame: Buffer, sums: Sums, little: boolean): boolean {
  const stored: Sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)]
  if (bitsOf(sums[0] ^ stored[0]) + bitsOf(sums[1] ^ stored[1]) === 1) return true
  const missing: Sums = [(stored[0] - sums[0]) | 0, (stored[1] - sums[1]) | 0]
  // The checksum is linear: what one more in a word adds to it depends on how many words follow. From the last pair to the first.
  const effects: [Sums, Sums] = [
    [1, 1],
    [0, 1],
  ]
  for (const bytes of [frame.subarray(frameHeadBytes), frame.subarray(0, 8)]) {
    for (let at = bytes.length - 8; at >= 0; at -= 8) {
      for (const half of [0, 1] as const) {
        const word = little ? bytes.readUInt32LE(at + 4 * half) : bytes.readUInt32BE(at + 4 * half)
        const [a, b] = effects[half]
        for (let bit = 0; bit < 32; bit++) {
          const change = (word >>> bit) & 1 ? -(1 << bit) : 1 << bit
          if (Math.imul(a, change) === missing[0] && Math.imul(b, change) === missing[1]) return true
        }
        effects[half] = [(a + b) | 0, (a + 2 * b) | 0]
      }
    }
  }
  return false
}

function bitsOf(word: number): number {
  let bits = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) bits++
  return bits
}

function saltsThatFit(log: Buffer, at: number, salts: Sums): number {
  return Number(log.readUInt32BE(at + 8) === salts[0]) + Number(log.readUInt32BE(at + 12) === salts[1])
}

function add([first, second]: Sums, bytes: Buffer, little: boolean): Sums {
  let a = first
  let b = second
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0
    b = (b + (little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0
  }
  return [a, b]
}

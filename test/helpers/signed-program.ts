// A macOS program with a signature, from the captured parts of a real one, with another team and its gaps closed.
import { readFileSync } from 'node:fs'

interface Captured {
  readonly parts: readonly { readonly position: number; readonly base64: string }[]
}

/** Of each part that was kept of Node's program for macOS: where it lies there, and its bytes. */
export function capturedSignature(): readonly { readonly position: number; readonly bytes: Buffer }[] {
  const path = new URL('../fixtures/signatures/node-darwin-arm64.json', import.meta.url)
  const { parts } = JSON.parse(readFileSync(path, 'utf8')) as Captured
  return parts.map(({ position, base64 }) => ({ position, bytes: Buffer.from(base64, 'base64') }))
}

/** @param team ten letters and digits */
export function signedProgram(team: string): Buffer {
  const [head, signature] = capturedSignature()
  if (head === undefined || signature === undefined) throw new Error('the captured signature has two parts')
  const program = Buffer.concat([head.bytes, signature.bytes])
  // Where the load command says that the signature is, it now is.
  const place = Buffer.alloc(4)
  place.writeUInt32LE(signature.position)
  program.writeUInt32LE(head.bytes.length, program.indexOf(place))
  program.write(team, program.indexOf('HX7739G8FX'), 'latin1')
  return program
}

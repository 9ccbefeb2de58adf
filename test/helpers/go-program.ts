// A program of Go as far as it tells its module: an ELF file with nothing in it but what Go's linker writes for that.
import { elfOf } from './native-builds.ts'

/** `.go.buildinfo` of a program of example.com/acme/tool v1.2.3, by go1.19.8 install with -ldflags=-s, Debian 12, 2026-11-23. */
export const capturedBuildInfo = Buffer.from(
  '/yBHbyBidWlsZGluZjoIAgAAAAAAAAAAAAAAAAAAAAAIZ28xLjE5LjjQAjB3rwySdAgCQeHBB+bWGOZwYXRoCWV4YW1wbGUuY29tL2FjbWUvdG9vbC9jbWQvdG9vbAptb2QJZXhhbXBsZS5jb20vYWNtZS90b29sCXYxLjIuMwloMTpTRnF1RStnZzEzQWdDUG9GQms3ZFo2Sm5oUU9iOHBLWmtjSWJidDAwZk9NPQpidWlsZAktY29tcGlsZXI9Z2MKYnVpbGQJLWxkZmxhZ3M9LXMKYnVpbGQJQ0dPX0VOQUJMRUQ9MQpidWlsZAlDR09fQ0ZMQUdTPQpidWlsZAlDR09fQ1BQRkxBR1M9CmJ1aWxkCUNHT19DWFhGTEFHUz0KYnVpbGQJQ0dPX0xERkxBR1M9CmJ1aWxkCUdPQVJDSD1hbWQ2NApidWlsZAlHT09TPWxpbnV4CmJ1aWxkCUdPQU1ENjQ9djEK+TJDMYYYIHIAgkIQQRbY8gAAAAAA',
  'base64',
)

/** The section with another module line in it. */
export function goBuildInfo(line: string): Buffer {
  const text = Buffer.concat([
    capturedBuildInfo.subarray(32 + 9 + 2, 32 + 9 + 2 + 16),
    Buffer.from(`path\tx\n${line}\nbuild\tGOOS=linux\n`),
    Buffer.alloc(16),
  ])
  const length = Buffer.from([(text.length & 0x7f) | 0x80, text.length >> 7])
  return Buffer.concat([capturedBuildInfo.subarray(0, 32), Buffer.from('\x08go1.19.8'), length, text])
}

/** A 64-bit little-endian ELF file with this section and that of the names. */
export function elfWith(name: string, content: Buffer): Buffer {
  return elfOf({ [name]: content })
}

export function goProgram(line: string): Buffer {
  return elfWith('.go.buildinfo', goBuildInfo(line))
}

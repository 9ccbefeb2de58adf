// A program of Go as far as it tells its module: an ELF file with nothing in it but what Go's linker writes for that.

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
  const names = Buffer.from(`\0${name}\0.shstrtab\0`)
  const head = Buffer.alloc(64)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  const sections = Buffer.alloc(3 * 64)
  const place = (index: number, at: number, offset: number, bytes: number): void => {
    sections.writeUInt32LE(at, index * 64)
    sections.writeBigUInt64LE(BigInt(offset), index * 64 + 0x18)
    sections.writeBigUInt64LE(BigInt(bytes), index * 64 + 0x20)
  }
  place(1, 1, 64, content.length)
  place(2, name.length + 2, 64 + content.length, names.length)
  head.writeBigUInt64LE(BigInt(64 + content.length + names.length), 0x28)
  head.writeUInt16LE(64, 0x3a)
  head.writeUInt16LE(3, 0x3c)
  head.writeUInt16LE(2, 0x3e)
  return Buffer.concat([head, content, names, sections])
}

export function goProgram(line: string): Buffer {
  return elfWith('.go.buildinfo', goBuildInfo(line))
}

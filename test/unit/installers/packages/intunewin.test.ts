import { createDecipheriv, createHash, createHmac } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { intuneWin, type MsiFacts } from '../../../../installers/packages/intunewin.ts'

const facts: MsiFacts = {
  productCode: '{67DE6ED9-1357-5311-9637-00ACBC688498}',
  productName: 'Cutoff & agent',
  productVersion: '1.2.3',
  packageCode: '{2E29CF41-688C-5321-89DC-E01617A64F4D}',
  upgradeCode: '{067C0464-0C91-5A8C-8FEE-5C0418A5AA60}',
  publisher: 'Cutoff',
  perMachine: true,
  services: true,
  dataSources: false,
  registryKeys: false,
  systemFolders: false,
}
const msi = Buffer.from('not a multiple of sixteen bytes')
const made = (bytes = msi) => intuneWin({ name: 'agent.msi', msi: bytes, facts, at: 1_783_821_600 })

/** Files of a zip by its directory, each held against its checksum. */
function unzipped(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  let at = zip.readUInt32LE(end + 16)
  const files = new Map<string, Buffer>()
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    expect(zip.toString('hex', at, at + 4)).toBe('504b0102')
    const length = zip.readUInt32LE(at + 20)
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('latin1', at + 46, at + 46 + nameLength)
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(start, start + length)
    expect(crc32(bytes)).toBe(zip.readUInt32LE(at + 16))
    files.set(name, bytes)
    at += 46 + nameLength
  }
  expect(at).toBe(end)
  return files
}

const outer = unzipped(made())
const detection = outer.get('IntuneWinPackage/Metadata/Detection.xml')?.toString() ?? ''
const content = outer.get('IntuneWinPackage/Contents/IntunePackage.intunewin') ?? Buffer.alloc(0)
const said = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(detection)?.[1] ?? ''
const key = (name: string) => Buffer.from(said(name), 'base64')

test('what Detection.xml says opens it, and the package is in it', () => {
  const [mac, iv, hidden] = [content.subarray(0, 32), content.subarray(32, 48), content.subarray(48)]
  expect(mac).toEqual(key('Mac'))
  expect(iv).toEqual(key('InitializationVector'))
  expect(createHmac('sha256', key('MacKey')).update(content.subarray(32)).digest()).toEqual(mac)
  const decipher = createDecipheriv('aes-256-cbc', key('EncryptionKey'), iv)
  const inner = Buffer.concat([decipher.update(hidden), decipher.final()])
  expect(createHash('sha256').update(inner).digest()).toEqual(key('FileDigest'))
  expect(inner.length).toBe(Number(said('UnencryptedContentSize')))
  expect([...unzipped(inner)]).toEqual([['agent.msi', msi]])
})

test('Detection.xml is in the order of Microsoft’s tool', () => {
  expect([...detection.matchAll(/<(\w+)[ >]/g)].map(([, name]) => name)).toEqual(
    [
      'ApplicationInfo Name UnencryptedContentSize FileName SetupFile',
      'EncryptionInfo EncryptionKey MacKey InitializationVector Mac ProfileIdentifier FileDigest FileDigestAlgorithm',
      'MsiInfo MsiProductCode MsiProductVersion MsiPackageCode MsiUpgradeCode MsiExecutionContext MsiRequiresLogon',
      'MsiRequiresReboot MsiIsMachineInstall MsiIsUserInstall MsiIncludesServices MsiIncludesODBCDataSource',
      'MsiContainsSystemRegistryKeys MsiContainsSystemFolders MsiPublisher',
    ].flatMap((line) => line.split(' ')),
  )
})

test.each([
  ['Name', 'Cutoff &amp; agent'],
  ['SetupFile', 'agent.msi'],
  ['ProfileIdentifier', 'ProfileVersion1'],
  ['MsiProductCode', facts.productCode],
  ['MsiPackageCode', facts.packageCode],
  ['MsiExecutionContext', 'System'],
  ['MsiIsUserInstall', 'false'],
  ['MsiIncludesServices', 'true'],
])('%s is %s', (name, value) => {
  expect(said(name)).toBe(value)
})

test('the same package makes the same file, another one has other keys', () => {
  expect(made()).toEqual(made())
  expect(made(Buffer.from('another')).includes(said('EncryptionKey'))).toBe(false)
})

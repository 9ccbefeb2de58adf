// The package for Windows as Intune takes a Win32 app (.intunewin): a zip with the encrypted package and what Intune is told of it,
// in the form that Microsoft's Win32 Content Prep Tool 1.8 writes. Its keys lie beside what they open: the encryption hides nothing
// here, and Intune asks for it.
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { element, xmlDocument, type Element } from '../managed/xml.ts'
import { zipOf } from './zip.ts'

/** What the package says of itself. */
export interface MsiFacts {
  readonly productCode: string
  readonly productName: string
  readonly productVersion: string
  readonly packageCode: string
  readonly upgradeCode: string
  readonly publisher: string
  /** `ALLUSERS=1`: for the whole machine, whoever installs it. */
  readonly perMachine: boolean
  readonly services: boolean
  readonly dataSources: boolean
  /** It writes to the machine's registry by a table of its own. */
  readonly registryKeys: boolean
  /** It lays files into the system's folders. */
  readonly systemFolders: boolean
}

export interface IntunePackage {
  /** File name of the package. */
  readonly name: string
  readonly msi: Uint8Array
  readonly facts: MsiFacts
  /** Seconds since 1970. */
  readonly at: number
}

const encrypted = 'IntunePackage.intunewin'

/** The file. The same package makes the same file: keys follow from its bytes. */
export function intuneWin({ name, msi, facts, at }: IntunePackage): Buffer {
  const content = zipOf([{ name, bytes: msi }], at)
  const digest = createHash('sha256').update(content).digest()
  const derived = (use: string) => createHmac('sha256', digest).update(`intunewin ${use}`).digest()
  const keys = { encryption: derived('encryption'), mac: derived('mac'), iv: derived('iv').subarray(0, 16) }
  const cipher = createCipheriv('aes-256-cbc', keys.encryption, keys.iv)
  const authenticated = Buffer.concat([keys.iv, cipher.update(content), cipher.final()])
  const mac = createHmac('sha256', keys.mac).update(authenticated).digest()
  const base64 = (bytes: Buffer) => bytes.toString('base64')
  const encryption = {
    EncryptionKey: base64(keys.encryption),
    MacKey: base64(keys.mac),
    InitializationVector: base64(keys.iv),
    Mac: base64(mac),
    ProfileIdentifier: 'ProfileVersion1',
    FileDigest: base64(digest), // of what is encrypted, before it is
    FileDigestAlgorithm: 'SHA256',
  }
  const detection = xmlDocument(
    element(
      'ApplicationInfo',
      {
        'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        ToolVersion: '1.8.6.0',
      },
      ...fields({
        Name: facts.productName,
        UnencryptedContentSize: String(content.length),
        FileName: encrypted,
        SetupFile: name,
      }),
      element('EncryptionInfo', {}, ...fields(encryption)),
      element('MsiInfo', {}, ...fields(msiInfo(facts))),
    ),
  )
  return zipOf(
    [
      { name: `IntuneWinPackage/Contents/${encrypted}`, bytes: Buffer.concat([mac, authenticated]) },
      { name: 'IntuneWinPackage/Metadata/Detection.xml', bytes: Buffer.from(detection) },
    ],
    at,
  )
}

/** In the tool's order. A package of ours asks for no restart. */
function msiInfo(facts: MsiFacts): Readonly<Record<string, string>> {
  return {
    MsiProductCode: facts.productCode,
    MsiProductVersion: facts.productVersion,
    MsiPackageCode: facts.packageCode,
    MsiUpgradeCode: facts.upgradeCode,
    MsiExecutionContext: facts.perMachine ? 'System' : 'User',
    MsiRequiresLogon: String(!facts.perMachine),
    MsiRequiresReboot: 'false',
    MsiIsMachineInstall: String(facts.perMachine),
    MsiIsUserInstall: String(!facts.perMachine),
    MsiIncludesServices: String(facts.services),
    MsiIncludesODBCDataSource: String(facts.dataSources),
    MsiContainsSystemRegistryKeys: String(facts.registryKeys),
    MsiContainsSystemFolders: String(facts.systemFolders),
    MsiPublisher: facts.publisher,
  }
}

function fields(values: Readonly<Record<string, string>>): readonly Element[] {
  return Object.entries(values).map(([name, value]) => element(name, {}, value))
}

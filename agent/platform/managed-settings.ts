// What the administrator of this machine says of the agent's settings: one interface, one implementation per system. Knows
// no setting but by name; whether a value is right, and which of several counts, is `agent/settings.ts`'s.
import process from 'node:process'

/** Values of one file, profile or registry key, as text. */
export interface GivenSettings {
  /** `file`: installed or written on the machine · `managed`: pushed by device management, and counts over it. */
  readonly layer: 'file' | 'managed'
  /** Where it is, for people: a path or a key. */
  readonly source: string
  readonly values: Readonly<Record<string, string>>
}

/** Something that could not be read, or was refused; nothing of it counts. */
export interface SourceFault {
  readonly code: 'source-refused' | 'source-unreadable' | 'source-invalid'
  readonly source: string
  /** A sentence with what to do. */
  readonly message: string
}

export interface AdministratorSettings {
  /** In rising order: what comes later counts. */
  readonly given: readonly GivenSettings[]
  readonly faults: readonly SourceFault[]
  /** Windows: the machine's folder for programs' data. */
  readonly machineData?: string
}

export const nothingGiven: AdministratorSettings = { given: [], faults: [] }

/**
 * Reads them all.
 * @param folder stands for the system's own place of files, for development; its files may then be the account's own
 */
export async function administratorSettings(folder: string | null): Promise<AdministratorSettings> {
  const { readSettingsFolder } = await import('./settings-folder.ts')
  if (process.platform === 'win32') {
    const { machineData } = await import('./windows-folders.ts')
    const { windowsSettings } = await import('./managed-settings-windows.ts')
    const data = await machineData()
    const read = folder === null ? await windowsSettings(data) : readSettingsFolder(folder, [0])
    return { ...read, machineData: data }
  }
  if (folder !== null) return readSettingsFolder(folder, [0, process.getuid?.() ?? 0])
  if (process.platform === 'linux') return readSettingsFolder('/etc/cutoff', [0])
  if (process.platform === 'darwin') {
    const { darwinSettings } = await import('./managed-settings-darwin.ts')
    return darwinSettings()
  }
  return nothingGiven
}

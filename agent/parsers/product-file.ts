// Reads the file in which an editor of VS Code's family says which one it is: `resources/app/product.json`. Pure.
import { isRecord, parseJson } from './json-object.ts'

export interface Product {
  /** What its program is called where it is built. */
  readonly name: string
  /** Folders in a home that are its own: for its extensions, and for its remote server. */
  readonly folders: readonly string[]
}

export const maxProductBytes = 4 * 1024 * 1024

/** Null when it says no such name. */
export function parseProduct(bytes: Uint8Array): Product | null {
  const value = parseJson(bytes)
  if (!isRecord(value)) return null
  const name = value['applicationName']
  if (typeof name !== 'string' || !/^[\w-][\w.-]{0,99}$/.test(name)) return null
  const folders = [value['dataFolderName'], value['serverDataFolderName']]
  return { name, folders: folders.filter((folder) => typeof folder === 'string') }
}

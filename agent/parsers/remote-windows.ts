// Which kinds of remote places an editor of the VS Code family has windows on, from its storage.json. Of an address only the
// kind is taken, never a host's, container's or folder's name. Pure; touches no file.
import { parseJson } from './json-object.ts'

/** Kinds as the editor's own extensions name them; anything else is `other`. */
export const remoteKinds = [
  'attached-container',
  'codespaces',
  'dev-container',
  'k8s-container',
  'ssh-remote',
  'tunnel',
  'wsl',
] as const
export type RemoteKind = (typeof remoteKinds)[number] | 'other'

export const maxStorageBytes = 4 * 1024 * 1024

/** `vscode-remote://ssh-remote%2Bhost/folder`, or the authority by itself. */
const address = /(?:vscode-remote:\/\/|"remoteAuthority":")([a-z0-9-]{1,40})(?:\+|%2[Bb])/g

/** Of windows that are open, were open last or have unsaved files; sorted. */
export function parseRemoteWindows(bytes: Uint8Array): readonly RemoteKind[] {
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null) return []
  const { windowsState, backupWorkspaces } = value as { windowsState?: unknown; backupWorkspaces?: unknown }
  const text = JSON.stringify([windowsState ?? null, backupWorkspaces ?? null])
  const kinds = new Set<RemoteKind>()
  for (const [, kind] of text.matchAll(address)) {
    kinds.add(remoteKinds.find((known) => known === kind) ?? 'other')
  }
  return [...kinds].toSorted()
}

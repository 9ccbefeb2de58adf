// Lays out what a package holds as files of a folder, with the times of the release, so that two builds have the same bytes.
import {
  copyFileSync,
  chmodSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PackagedFile } from './linux-contents.ts'

/** @param at seconds since 1970 */
export function stage(
  folder: string,
  files: readonly PackagedFile[],
  folders: readonly string[],
  at: number,
): void {
  for (const path of folders) mkdirSync(join(folder, path), { recursive: true, mode: 0o755 })
  for (const { path, mode, content } of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
    if ('link' in content) {
      symlinkSync(content.link, target)
      continue
    }
    if ('file' in content) copyFileSync(content.file, target)
    else if ('text' in content) writeFileSync(target, content.text)
    else writeFileSync(target, gzipSync(content.compressed, { level: 9 }))
    chmodSync(target, mode)
  }
  dateAll(folder, at)
}

/** Gives everything below a folder, and itself, one time. */
export function dateAll(folder: string, at: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) dateAll(path, at)
    else lutimesSync(path, at, at)
  }
  lutimesSync(folder, at, at)
}

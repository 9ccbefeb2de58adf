// What Windows' registry notes of programs that were started. It has every program of a person, so that it is asked for one account
// and one tool at a time, when a person asks (`explain`), and by no look of the daemon.
import { parseBam, parseUserAssist, type IsWanted, type NotedStart } from '../parsers/past-runs.ts'
import { startLists, type NotedStarts } from './host.ts'
import type { ReadRegistry } from './windows-registry.ts'

const bam = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\bam`
/** Since Windows 10 1809, and before. */
const bamKeys = [String.raw`${bam}\State\UserSettings`, String.raw`${bam}\UserSettings`]
export const userAssistKey = String.raw`Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist`

/** @param closedHive what the hive of an account that is not logged on has of UserAssist; null where it has none */
export async function notedStarts(
  registry: ReadRegistry,
  sid: string,
  isWanted: IsWanted,
  closedHive: () => readonly NotedStart[] | null,
): Promise<NotedStarts> {
  const bamOf = async () => {
    for (const key of bamKeys) {
      const keys = await registry(`${key}\\${sid}`)
      if (keys !== null) return parseBam(keys, isWanted)
    }
    return null
  }
  const userAssistOf = async () => {
    const keys = await registry(`HKEY_USERS\\${sid}\\${userAssistKey}`)
    return keys === null ? closedHive() : parseUserAssist(keys, isWanted)
  }
  const lists = { bam: await bamOf(), 'user-assist': await userAssistOf() }
  return {
    starts: startLists.flatMap((list) => (lists[list] ?? []).map((start) => ({ ...start, list }))),
    unread: startLists.filter((list) => lists[list] === null),
  }
}

// macOS' notification centre, through the system's osascript: shows notices, and nothing else. What they say comes from policies
// and catalogues: it is handed over as arguments of a fixed script and never becomes a part of one.
import { inertShort } from '#shared/inert.ts'
import type { DesktopNotice, Shown } from './session-bus.ts'
import type { Ask } from './system-programs.ts'

/** `item 1` keeps osascript from taking a text that begins with a hyphen for an option of its own: its options end at it. */
const script = [
  'on run argv',
  'display notification (item 3 of argv) with title (item 1 of argv) subtitle (item 2 of argv)',
  'end run',
].flatMap((line) => ['-e', line])

/** More than a notification can show of either. */
const longestTitle = 200
const longestText = 2000

/**
 * Shows the notices one after the other. That macOS has taken one does not say that anybody saw it: whether they are shown, and
 * for how long, is a setting of the account and of device management.
 * @param shown called after each that was taken
 */
export async function showInNotificationCenter(
  notices: readonly DesktopNotice[],
  ask: Ask,
  shown: (index: number) => void,
): Promise<Shown> {
  for (const [index, { title, text }] of notices.entries()) {
    const said = ['Cutoff', inertShort(title, longestTitle), inertShort(text, longestText)]
    const answer = await ask('osascript', [...script, ...said])
    if (answer === null)
      return { ok: false, code: 'no-notifications', detail: 'osascript could not show one' }
    shown(index)
  }
  return { ok: true }
}

/** The languages that an account prefers (BCP 47, best first), from what `defaults read -g AppleLanguages` prints. */
export function preferredLanguages(printed: string): readonly string[] {
  return [...printed.matchAll(/^\s*"?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)"?,?\s*$/gm)].map(
    ([, tag = '']) => tag,
  )
}

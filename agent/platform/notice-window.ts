// Notices on Windows: a window of the agent's own for each, through the program beside it. Windows' notification centre takes
// applications with a shortcut in the Start menu, shows the beginning of a text, and says nothing of whether anybody saw it.
import { inertShort } from '#shared/inert.ts'
import type { DesktopNotice, Shown } from './session-bus.ts'
import type { Ask } from './system-programs.ts'

/** Together less than the program takes, however many bytes a letter has. */
const longestTitle = 300
const longestText = 4000

/**
 * Shows the notices one after the other.
 * @param shown called after each that was shown, once it is closed
 */
export async function showInWindows(
  notices: readonly DesktopNotice[],
  ask: Ask,
  shown: (index: number) => void,
): Promise<Shown> {
  for (const [index, { title, text }] of notices.entries()) {
    const said = `${inertShort(title, longestTitle)}\n${inertShort(text, longestText)}`
    if ((await ask('notice', ['--show'], said)) === null)
      return { ok: false, code: 'no-desktop', detail: 'cutoff-notice.exe could not show one' }
    shown(index)
  }
  return { ok: true }
}

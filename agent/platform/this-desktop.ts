// Chooses how a notice is shown to whoever is logged in here: the bus of a Linux session, or macOS' notification centre. Windows
// has neither: its notifications take an application that is registered with a shortcut in the Start menu.
import process from 'node:process'
import type { DesktopNotice, SessionAsked, Shown } from './session-bus.ts'

export interface Desktop {
  /** It shows the beginning of a text alone. */
  readonly cutsShort: boolean
  /** The languages that the account prefers where its environment names none (BCP 47, best first). */
  readonly languages: () => Promise<readonly string[]>
  /** @param shown called after each notice that was taken */
  readonly show: (notices: readonly DesktopNotice[], shown: (index: number) => void) => Promise<Shown>
}

/** Null where there is none that a notice could be shown on. */
export async function thisDesktop(session: SessionAsked): Promise<Desktop | null> {
  if (process.platform === 'win32') return null
  if (process.platform === 'darwin') {
    const [{ preferredLanguages, showInNotificationCenter }, { ask }] = await Promise.all([
      import('./notification-center.ts'),
      import('./system-programs.ts'),
    ])
    return {
      cutsShort: true,
      languages: async () =>
        preferredLanguages((await ask('defaults', ['read', '-g', 'AppleLanguages'])) ?? ''),
      show: (notices, shown) => showInNotificationCenter(notices, ask, shown),
    }
  }
  const { showOnDesktop } = await import('./session-bus.ts')
  return {
    cutsShort: false,
    languages: async () => [],
    show: (notices, shown) => showOnDesktop(notices, session, shown),
  }
}

// Chooses how a notice is shown to whoever is logged in here: the bus of a Linux session, macOS' notification centre, or a window on
// Windows.
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

export async function thisDesktop(session: SessionAsked): Promise<Desktop> {
  if (process.platform === 'win32') {
    const [{ showInWindows }, { ask }] = await Promise.all([
      import('./notice-window.ts'),
      import('./system-programs.ts'),
    ])
    return {
      cutsShort: false,
      languages: async () => [],
      show: (notices, shown) => showInWindows(notices, ask, shown),
    }
  }
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

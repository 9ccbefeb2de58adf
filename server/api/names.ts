// Pseudonyms, and the names behind them for whoever has an audited look open. The only way by which names get out.
import type { Subject } from '#shared/api.ts'
import type { Context } from '../context.ts'
import { accountKey, accountLabel } from '../pseudonym.ts'
import type { Session } from '../store/sessions.ts'
import { openLooks } from '../store/sessions.ts'

export interface Names {
  readonly host: (device: {
    readonly id: string
    readonly label: string
    readonly hostname: string
  }) => Subject
  /** `''` is the machine as a whole: no account. */
  readonly account: (device: string, account: string) => Subject | null
}

/** The names as this session may see them now. */
export async function namesFor({ store, keys, now }: Context, session: Session): Promise<Names> {
  const looks = await openLooks(store.read, session.id, now())
  const open = new Set(looks.map((look) => `${look.device}\0${look.account}`))
  return {
    host: ({ id, label, hostname }) => ({ key: id, label, name: open.has(`${id}\0`) ? hostname : null }),
    account(device, account) {
      if (account === '') return null
      const key = accountKey(keys, device, account)
      return {
        key,
        label: accountLabel(keys, device, account),
        name: open.has(`${device}\0${account}`) ? account : null,
      }
    },
  }
}

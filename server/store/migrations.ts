// The numbered migrations, oldest first; a database's `user_version` says how many it has had. Never edit one that has
// been released: add the next.
import { first } from './migrations/0001-first.ts'
import { orderByKey } from './migrations/0002-order-by-key.ts'
import { sessionsByAccount } from './migrations/0003-sessions-by-account.ts'
import { detectionsByTool } from './migrations/0004-detections-by-tool.ts'
import { unlisted } from './migrations/0005-unlisted.ts'
import { disagreement } from './migrations/0006-disagreement.ts'
import { moreMarks } from './migrations/0007-more-marks.ts'
import { habits } from './migrations/0008-habits.ts'
import { deviceKeys } from './migrations/0009-device-keys.ts'
import { lastWords } from './migrations/0010-last-words.ts'
import { releases } from './migrations/0011-releases.ts'
import { serverKeys } from './migrations/0012-server-keys.ts'
import { auditBySubject } from './migrations/0013-audit-by-subject.ts'
import { organisationKeys } from './migrations/0014-organisation-keys.ts'

export const migrations: readonly string[] = [
  first,
  orderByKey,
  sessionsByAccount,
  detectionsByTool,
  unlisted,
  disagreement,
  moreMarks,
  habits,
  deviceKeys,
  lastWords,
  releases,
  serverKeys,
  auditBySubject,
  organisationKeys,
]

// Every code in English. Data only; plain and exact, "evidence of use by account X", never a judgement of a person.
import { englishGround } from './english-ground.ts'
import type { Words } from './vocabulary.ts'

export const english: Words = {
  ...englishGround,
  status: {
    violation: {
      label: 'Violation',
      about: 'There is sure evidence that the tool was used after it was banned and after the ban was known.',
      next: 'Read the evidence, talk to the person, then acknowledge the finding, or excuse the use with a waiver.',
    },
    suspected: {
      label: 'Suspected',
      about: 'There is evidence of use after the ban, but something in it is in doubt.',
      next: 'Read what is in doubt and ask the person. Nothing is settled by this alone.',
    },
    undetermined: {
      label: 'Undetermined',
      about: 'There is use, but it cannot be known which rule or waiver applies.',
      next: 'Supply what is missing, for example who owns the account; it is then judged again.',
    },
    waived: {
      label: 'Waived',
      about: 'Every counted use lies within a waiver.',
      next: 'Nothing, until the waiver ends.',
    },
    upcoming: {
      label: 'Upcoming',
      about: 'The tool is installed and will be banned on the date in the rule. Nothing has been broken.',
      next: 'Tell the person in time, and name the approved alternative.',
    },
    present: {
      label: 'Present',
      about: 'The tool is there after the ban, but no use that the rule counts has been seen.',
      next: 'Ask for it to be removed.',
    },
    leftover: {
      label: 'Left over',
      about: 'The tool is gone; traces or settings of it remain.',
      next: 'Nothing is needed. The remains may be deleted.',
    },
    review: {
      label: 'To review',
      about: 'A tool that no rule names. Whether it is allowed has not been decided.',
      next: 'Decide: name it in the policy as banned or as approved.',
    },
  },
  markVerdict: {
    violation: { label: 'Violation', about: 'This sign of life is judged a violation.' },
    suspected: { label: 'Suspected', about: 'This sign of life counts, but something in it is in doubt.' },
    undetermined: { label: 'Undetermined', about: 'Which rule or waiver applies to it cannot be known.' },
    waived: { label: 'Waived', about: 'It lies within a waiver.' },
    nothing: { label: 'Not counted', about: 'Nothing follows from it.' },
  },
  reason: {
    'before-cutoff': 'It lies before the day on which the tool was banned.',
    'after-until': 'It lies after the day on which the ban ended.',
    'not-counted': 'It is of a kind that the rule does not count; it only informs.',
    'run-without-record':
      'The tool was seen running for more than 10 minutes and kept no session record, though it normally does.',
    'in-waiver': 'It lies within a waiver.',
    'around-an-edge': 'Its time is not known exactly enough to tell on which side of a date it lies.',
    'before-notice': 'It lies after the ban began but before the ban was announced.',
    'weak-evidence': 'The evidence is likely but does not prove which tool it was.',
    'times-disagree': 'The times that the record, the file and the looks around it give do not fit together.',
    'arrived-together':
      'It came with traces of several tools within a few seconds, as after a restore, a migration or a sync.',
    'maybe-elsewhere':
      'It may have happened elsewhere: another device, or another account of this one, reported the same session, or the tool was never seen able to run here.',
    'found-not-witnessed':
      'The agent did not see it happen; it is known only from what files say of themselves.',
    'used-after-cutoff': 'A session was held after the ban began and after it was announced.',
    'tried-after-cutoff': 'A session was begun after the ban, and the rule counts attempts.',
    'ran-after-cutoff': 'The tool ran after the ban, and the rule counts that.',
    'present-after-cutoff': 'The tool was there after the ban, and the rule counts that.',
    'scope-unknown': 'Whether the rule applies to this account cannot be known.',
    'waiver-unknown': 'Whether a waiver covers this account cannot be known.',
    approved: 'The rule in force approves the tool for this account.',
    'cutoff-ahead': 'The ban has not begun yet.',
    'installed-before-cutoff': 'It was installed before the ban began.',
    'installed-after-cutoff': 'It was installed after the ban began.',
    'installed-unknown-when': 'When it was installed is not known.',
    'no-counted-use': 'No use that the rule counts has been seen.',
    'traces-only': 'The tool is gone; only traces or settings of it remain.',
    'no-rule': 'No rule names this tool.',
    'unlisted-behaviour': 'It behaves like an AI coding agent, and the catalogue does not know it.',
  },
  row: {
    1: {
      when: 'It lies before the ban began, or after it ended, uncertainty included',
      result: 'nothing follows from it',
    },
    2: {
      when: 'It is of a kind that the rule does not count',
      result:
        'it only informs; but a tool that keeps session records and ran for more than 10 minutes with none is suspected',
    },
    3: { when: 'It lies within a waiver, uncertainty included', result: 'waived, for good' },
    4: {
      when: 'Its uncertainty crosses the cutoff, the announcement, the end or a waiver’s edge',
      result: 'suspected',
    },
    5: { when: 'It lies before the ban was announced', result: 'suspected' },
    6: { when: 'The evidence is likely, not proven', result: 'suspected' },
    7: {
      when: 'Its times disagree, or it arrived together with traces of several tools',
      result: 'suspected',
    },
    8: {
      when: 'The session may belong to another device or account, or the tool was never seen able to run here',
      result: 'suspected',
    },
    9: {
      when: 'It was found in files, not seen happening, and the rule treats found use as suspected',
      result: 'suspected',
    },
    10: { when: 'None of the rows above applies', result: 'violation' },
  },
  wouldChange: {
    witnessed: 'Had the agent seen it happen, it would count as sure.',
    earlier: 'Had it happened before the ban began, nothing would follow from it.',
    waiver: 'A waiver for that time would excuse it.',
    'rule-found-use':
      'Had the rule said `foundUse: violation`, use that was only found would be a violation.',
    'sure-time': 'Had its time been known exactly, it could be told on which side of the date it lies.',
    proof: 'Proof of which tool it was (its package, its signature or its own record) would make it sure.',
    announced: 'Had the ban been announced before then, it would count.',
  },
  missing: {
    owner: 'Who this account belongs to.',
    group: 'Whether the person is in the group.',
    other: 'Something that there are no words for here.',
  },
  lifecycle: {
    open: { label: 'Open', about: 'Nobody has dealt with it yet.' },
    acknowledged: { label: 'Acknowledged', about: 'Somebody has read it and takes care of it.' },
    disputed: { label: 'Disputed', about: 'The person concerned says that it is wrong.' },
    closed: { label: 'Closed', about: 'It is dealt with. A new sign of life opens it again.' },
  },
  problem: {
    'bad-request': 'Check what was entered and try again.',
    'bad-signature': 'Check the device’s clock and key, then let it report again.',
    'bad-envelope': 'The device must send its report again.',
    'bad-record': 'Agent and server may be of different versions: update the older one.',
    'not-signed-in': 'Sign in with a login link and try again.',
    'link-expired': 'Make a new link with `npm start` or `cutoff-server user link`.',
    'bad-token': 'Make a new token with `cutoff-server enrol-token`.',
    'unknown-device': 'Enrol the device again.',
    revoked: 'Enrol the device again if it should report.',
    forbidden: 'Ask an administrator for the role.',
    'bad-csrf': 'Load the page again and repeat the step.',
    'reason-needed': 'Say why you need to see it. The reason is recorded.',
    'not-found': 'It may have been removed. Go back to the list.',
    'clock-skew': 'Set the device’s clock.',
    replayed: 'Nothing needs to be done; it was already received.',
    'state-diverged': 'The agent’s state was copied or rolled back. Look at the device’s timeline.',
    'clone-suspected': 'Enrol one of the two devices anew.',
    conflict: 'Load the page again and look at what changed.',
    'too-large': 'Send less at once.',
    'unsupported-encoding': 'Send JSON.',
    'policy-invalid': 'Correct what is listed and try again.',
    'policy-version': 'Raise `version` in the policy and try again.',
    'too-many-requests': 'Wait a moment and try again.',
    internal: 'Try again. If it stays, look in the server’s log.',
    unavailable: 'Try again in a moment.',
  },
}

// English words for times that do not fit together. Data only.
import type { TimeTerms } from './time-words.ts'

export const englishTimes: TimeTerms = {
  disagreement: {
    'file-written': 'The record says {record}, its file was last written {other}: they differ by {apart}.',
    'file-born': 'The record says {record}, its file came to be {other}: they differ by {apart}.',
    look: 'The record says {record}; when it was seen, the device’s clock said {other}: it lies {apart} ahead.',
    'look-before':
      'The record says {record}; at the look of {other} it was not there yet: they differ by {apart}.',
    'clock-set':
      'The record says {record}, by a clock that was set since; as it was then set, that was {other}: they differ by {apart}.',
    receipt:
      'The record says {record}; when it was reported, the server’s clock said {other}: it lies {apart} ahead.',
  },
  untold:
    'The record says {record}; the other time lies outside the dates of the rule, so that by how much they differ is not told.',
  behind: {
    earlier:
      'A record that is earlier than its file may have been copied, restored or synced, or its times were written by hand.',
    later:
      'A record that is later than its file, or ahead of a clock, may come from a clock that was wrong, or its times were written by hand.',
  },
  unit: {
    day: { one: '{n} day', many: '{n} days' },
    hour: { one: '{n} h', many: '{n} h' },
    minute: { one: '{n} min', many: '{n} min' },
    second: { one: '{n} s', many: '{n} s' },
  },
}

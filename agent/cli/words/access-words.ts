// What `explain` says of when a tool's programs were last read.
import type { Said } from './said.ts'

const english = {
  about:
    'When its programs were last read, as the disk keeps it. A backup, an indexer, a virus scanner or a copy reads a file too: nothing follows from it, and it is not sent.',
  read: (time: string) => `Last read ${time}.`,
  unread: 'Not read since it came there.',
  keeps: {
    always: 'Every read is kept.',
    daily: 'Kept once a day (relatime): later reads within 24 hours do not show.',
    never: 'Not kept: the disk is mounted with noatime, or read-only.',
  },
  perhapsByThisLook: 'This look may have set it: it cannot read another’s file without a trace.',
}

export const accessWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    about:
      '其程序上次被读取的时间，以磁盘所记为准。备份、索引、杀毒软件或复制也会读取文件：由此得不出任何结论，该信息也不会上报。',
    read: (time) => `上次读取于 ${time}。`,
    unread: '自放入此处以来未被读取。',
    keeps: {
      always: '每次读取都有记录。',
      daily: '每天至多记录一次（relatime）：此后 24 小时内的读取不会显示。',
      never: '没有记录：该磁盘以 noatime 或只读方式挂载。',
    },
    perhapsByThisLook: '可能由本次查看造成：读取他人的文件无法不留痕迹。',
  },
}

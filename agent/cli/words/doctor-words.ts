// What `doctor` says of the report as a whole, and of what more than one of its files looks at.
import type { CheckName, CheckResult } from '../doctor/check.ts'
import type { Said } from './said.ts'

const titles: Readonly<Record<CheckName, string>> = {
  settings: 'Settings',
  'state-folder': 'State folder',
  'free-space': 'Free space',
  spool: 'Spool',
  agent: 'Agent',
  enrolment: 'Enrolment',
  server: 'Server',
  certificate: 'Certificate',
  proxy: 'Proxy',
  clock: 'Clock',
  device: 'Device',
  policy: 'Policy',
  'check-in': 'Last report',
  watching: 'Watching',
  homes: 'Homes',
  catalogue: 'Catalogue',
}
const results: Readonly<Record<CheckResult, string>> = { ok: 'ok', warn: 'warn', fail: 'fail' }

const english = {
  titles,
  results,
  good: 'All is as it should be.',
  found: (failed: number, odd: number) => `${failed} failed, ${odd} to look at.`,
  notKnown: (code: string) => `It is not known here: the state cannot be opened (${code}).`,
  seeState: 'See the state folder.',
  noServer: 'No server is set.',
  setServer: 'Set `server` on the managed side, or enrol with `cutoff-agent enrol`.',
  enrolElsewhere: 'Enrol again with such an address.',
}

export const doctorWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    titles: {
      settings: '设置',
      'state-folder': '状态文件夹',
      'free-space': '可用空间',
      spool: '缓存',
      agent: '代理程序',
      enrolment: '注册',
      server: '服务器',
      certificate: '证书',
      proxy: '代理服务器',
      clock: '时钟',
      device: '设备',
      policy: '策略',
      'check-in': '上次上报',
      watching: '监视',
      homes: '主目录',
      catalogue: '工具目录',
    },
    results: { ok: '正常', warn: '注意', fail: '失败' },
    good: '一切正常。',
    found: (failed, odd) => `${failed} 项失败，${odd} 项需要注意。`,
    notKnown: (code) => `此处无法得知：状态无法打开（${code}）。`,
    seeState: '请看“状态文件夹”一项。',
    noServer: '未设置服务器。',
    setServer: '请在管理端设置 `server`，或运行 `cutoff-agent enrol` 注册。',
    enrolElsewhere: '请用这样的地址重新注册。',
  },
}

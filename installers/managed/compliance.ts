// What device management needs to know of the agent: where it is, and the rules of Intune's custom compliance. Pure.

/** Where the packages put the program. */
export const executables = {
  linux: '/usr/bin/cutoff-agent',
  darwin: '/Library/Cutoff/cutoff-agent',
  windows: '%ProgramFiles%\\Cutoff\\cutoff-agent.exe',
} as const

/** Longer without a report, and a device counts as silent. */
const silentHours = 72

/** Without what comes after the digits of an early version (`1.2.0-rc.1`): Windows and Intune take digits alone. */
export function plainVersion(version: string): string {
  return version.replace(/[^0-9.].*$/, '')
}

interface Rule {
  readonly SettingName: string
  readonly Operator: string
  readonly DataType: string
  readonly Operand: string | number | boolean
  readonly MoreInfoUrl: string
  readonly RemediationStrings: readonly {
    readonly Language: string
    readonly Title: string
    readonly Description: string
  }[]
}

/** @param moreInfo an address of the organisation's own that says what Cutoff is and whom to ask */
export function complianceRules(version: string, moreInfo: string): string {
  const rule = (
    name: string,
    operator: string,
    type: string,
    operand: Rule['Operand'],
    words: readonly [en: readonly [string, string], zh: readonly [string, string]],
  ): Rule => ({
    SettingName: name,
    Operator: operator,
    DataType: type,
    Operand: operand,
    MoreInfoUrl: moreInfo,
    RemediationStrings: (['en_US', 'zh_CN'] as const).map((language, index) => {
      const [title, description] = words[index === 0 ? 0 : 1]
      return { Language: language, Title: title, Description: description }
    }),
  })
  const rules = [
    rule('CutoffInstalled', 'IsEquals', 'Boolean', true, [
      [
        'The Cutoff agent is not installed.',
        'Your administrator installs it. Sync this device and try again later.',
      ],
      ['未安装 Cutoff 代理程序。', '它由管理员安装。请同步本设备，稍后再试。'],
    ]),
    rule('CutoffVersion', 'GreaterEquals', 'Version', plainVersion(version), [
      [
        'The Cutoff agent is out of date.',
        'Your administrator updates it. Sync this device and try again later.',
      ],
      ['Cutoff 代理程序版本过旧。', '它由管理员更新。请同步本设备，稍后再试。'],
    ]),
    rule('CutoffHoursSinceReport', 'LessEquals', 'Int64', silentHours, [
      [
        'The Cutoff agent has not reported for days.',
        'Run cutoff-agent doctor: it says what is wrong and what to do.',
      ],
      ['Cutoff 代理程序已有数天没有上报。', '请运行 cutoff-agent doctor：它会说明问题所在以及解决办法。'],
    ]),
  ]
  return `${JSON.stringify({ Rules: rules }, null, 2)}\n`
}

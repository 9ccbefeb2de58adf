// What device management runs to learn whether the agent is there and at work: Jamf's extension attribute, Intune's detection
// of an app, and its custom compliance. Pure. They ask `cutoff-agent status --json`, which tells nothing of anybody's tools.

/** Where the packages put the program. */
export const executables = {
  linux: '/usr/bin/cutoff-agent',
  darwin: '/Library/Cutoff/cutoff-agent',
  windows: '%ProgramFiles%\\Cutoff\\cutoff-agent.exe',
} as const

/** Longer without a report, and a device counts as silent. */
const silentHours = 72

/** Extension attribute of the type `Integer`: hours since the last report; -1 where the agent is not there or never reported. */
export function jamfAttribute(): string {
  return `#!/bin/sh
# Hours since the Cutoff agent last reported; -1: it is not installed, not enrolled or has not reported yet.
agent=${executables.darwin}
last=$("$agent" status --json 2>/dev/null | /usr/bin/plutil -extract lastReportAt raw -o - - 2>/dev/null)
at=$(/bin/date -j -u -f '%Y-%m-%dT%H:%M:%S' "\${last%%.*}" +%s 2>/dev/null)
if [ -z "$at" ]; then
  echo '<result>-1</result>'
else
  echo "<result>$((($(/bin/date -u +%s) - at) / 3600))</result>"
fi
`
}

/** Detection rule of a Win32 app: status 0 and a line of output say that this version or a later one is there. */
export function intuneDetection(version: string): string {
  return `# Detects the Cutoff agent ${version} or later: status 0 and a line of output when it is there.
$agent = Join-Path $env:ProgramFiles 'Cutoff\\cutoff-agent.exe'
if (-not (Test-Path -LiteralPath $agent)) { exit 1 }
$found = [version]((& $agent --version) -replace '[^0-9.].*$', '')
if ($found -lt [version]'${version}') { exit 1 }
Write-Output "Cutoff agent $found"
exit 0
`
}

/** Discovery script of a custom compliance policy: one line of JSON with the names that \`complianceRules\` asks for. */
export function intuneDiscovery(): string {
  return `# What Intune's custom compliance asks of the Cutoff agent, as one line of JSON.
$agent = Join-Path $env:ProgramFiles 'Cutoff\\cutoff-agent.exe'
$answer = [ordered]@{ CutoffInstalled = $false; CutoffRunning = $false; CutoffVersion = '0.0.0'; CutoffHoursSinceReport = 999999 }
if (Test-Path -LiteralPath $agent) {
  $answer.CutoffInstalled = $true
  $answer.CutoffVersion = (& $agent --version) -replace '[^0-9.].*$', ''
  $status = & $agent status --json 2>$null | ConvertFrom-Json
  if ($status) {
    $answer.CutoffRunning = [bool]$status.running
    if ($status.lastReportAt) {
      $since = [datetime]::UtcNow - ([datetime]$status.lastReportAt).ToUniversalTime()
      $answer.CutoffHoursSinceReport = [int][math]::Floor($since.TotalHours)
    }
  }
}
return $answer | ConvertTo-Json -Compress
`
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
    rule('CutoffVersion', 'GreaterEquals', 'Version', version, [
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

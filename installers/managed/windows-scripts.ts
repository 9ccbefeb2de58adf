// What device management of Windows runs to learn whether the agent is there and at work: Intune's detection of an app and its
// custom compliance, Workspace ONE's sensor. Pure, and ASCII: they need no mark that tells their encoding, which Intune does
// not take everywhere. They ask `cutoff-agent status --json`, which tells nothing of anybody's tools.
import { plainVersion } from './compliance.ts'

/** The folder of 64-bit programs, whichever PowerShell runs the script. */
const program = String.raw`$programs = if ($env:ProgramW6432) { $env:ProgramW6432 } else { $env:ProgramFiles }
$agent = Join-Path $programs 'Cutoff\cutoff-agent.exe'
`

/** Detection rule of a Win32 app: status 0 and a line of output say that this version or a later one is there. */
export function intuneDetection(version: string): string {
  return `# Detects the Cutoff agent ${version} or later: status 0 and a line of output when it is there.
${program}if (-not (Test-Path -LiteralPath $agent)) { exit 1 }
$found = [version]((& $agent --version) -replace '[^0-9.].*$', '')
if ($found -lt [version]'${plainVersion(version)}') { exit 1 }
Write-Output "Cutoff agent $found"
exit 0
`
}

/** `$hours` of whole hours since the last report, where `$status` tells of one. */
const hoursOfStatus = `if ($status.lastReportAt) {
    $since = [datetime]::UtcNow - ([datetime]$status.lastReportAt).ToUniversalTime()
    $hours = [int][math]::Floor($since.TotalHours)
  }`

/** Discovery script of a custom compliance policy: one line of JSON with the names that `complianceRules` asks for. */
export function intuneDiscovery(): string {
  return `# What Intune's custom compliance asks of the Cutoff agent, as one line of JSON.
${program}$answer = [ordered]@{ CutoffInstalled = $false; CutoffRunning = $false; CutoffVersion = '0.0.0'; CutoffHoursSinceReport = 999999 }
if (Test-Path -LiteralPath $agent) {
  $answer.CutoffInstalled = $true
  $answer.CutoffVersion = (& $agent --version) -replace '[^0-9.].*$', ''
  $status = & $agent status --json 2>$null | ConvertFrom-Json
  $answer.CutoffRunning = [bool]$status.running
  $hours = 999999
  ${hoursOfStatus}
  $answer.CutoffHoursSinceReport = $hours
}
return $answer | ConvertTo-Json -Compress
`
}

/** Workspace ONE's sensor, with the comments at its beginning that its importer reads. */
export function workspaceOneWindowsSensor(): string {
  return `# Description: Hours since the Cutoff agent last reported; -1: not installed, not enrolled or no report yet
# Execution Context: SYSTEM
# Execution Architecture: EITHER64OR32BIT
# Return Type: INTEGER
${program}$hours = -1
if (Test-Path -LiteralPath $agent) {
  $status = & $agent status --json 2>$null | ConvertFrom-Json
  ${hoursOfStatus}
}
Write-Output $hours
`
}

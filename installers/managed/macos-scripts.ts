// What device management of macOS runs: before the package is installed, to learn whether it is, and how long the agent has been
// silent. Pure. All of it is plain shell, so that it is the same whichever shell a management starts it with. They ask
// `cutoff-agent status --json`, which tells nothing of anybody's tools.
import { domain } from './apple-profiles.ts'
import { executables, plainVersion } from './compliance.ts'

/** `$hours`: since the last report; -1 where the agent is not there, not enrolled or never reported. */
const hoursSinceReport = `agent=${executables.darwin}
last=$("$agent" status --json 2>/dev/null | /usr/bin/plutil -extract lastReportAt raw -o - - 2>/dev/null)
hours=-1
if [ -n "$last" ] && at=$(/bin/date -j -u -f '%Y-%m-%dT%H:%M:%S' "\${last%%.*}" +%s 2>/dev/null); then
  hours=$((($(/bin/date -u +%s) - at) / 3600))
fi
`
const silence = 'Hours since the Cutoff agent last reported; -1: not installed, not enrolled or no report yet'

/** Jamf's extension attribute of the type `Integer`. */
export function jamfAttribute(): string {
  return `#!/bin/sh
# ${silence}
${hoursSinceReport}echo "<result>$hours</result>"
`
}

/** Workspace ONE's sensor, with the comments at its end that its importer reads. */
export function workspaceOneSensor(): string {
  return `#!/bin/zsh
${hoursSinceReport}echo "$hours"
# Description: ${silence}
# Execution Context: SYSTEM
# Return Type: INTEGER
`
}

/** \`$missing\`: what is wrong with the installation; empty where this version or a later one is there and launchd has it. */
function installation(version: string): string {
  return `wanted=${plainVersion(version)}
found=$(${executables.darwin} --version 2>/dev/null)
found=\${found%%[!0-9.]*}
first=$(printf '%s\\n%s\\n' "$wanted" "$found" | /usr/bin/sort -t . -k 1,1n -k 2,2n -k 3,3n | /usr/bin/head -n 1)
missing=
if [ "$first" != "$wanted" ]; then
  missing="Cutoff agent $wanted is not installed; found: \${found:-none}"
elif ! /bin/launchctl print system/${domain} >/dev/null 2>&1; then
  missing='launchd does not have the Cutoff agent loaded'
fi
`
}

/** Kandji's audit script: a status other than 0 has the package installed again, so that mere silence is none of its business. */
export function kandjiAudit(version: string): string {
  return `#!/bin/zsh
# Status 0: Cutoff agent ${version} or later is installed and loaded. Anything else has it installed again.
${installation(version)}if [ -n "$missing" ]; then
  echo "$missing"
  exit 1
fi
echo "Cutoff agent $found"
`
}

/** Workspace ONE's install check script, whose statuses mean the opposite: 0 has the package installed. */
export function workspaceOneInstallCheck(version: string): string {
  return `#!/bin/zsh
# Status 0: Cutoff agent ${version} is to be installed. Anything else: it or a later one is there and loaded.
${installation(version)}if [ -n "$missing" ]; then
  echo "$missing"
  exit 0
fi
exit 1
`
}

/**
 * Before the package: fails until the settings are there, since the agent reads them when it starts, and puts the token down.
 * @param tokenFile where the settings say that it is
 */
export function preinstallScript(tokenFile: string): string {
  return `#!/bin/sh
# Run as root before the package is installed. Jamf: the token is parameter 4. Elsewhere: write it between the quotes.
set -eu
token="\${4:-PUT THE TOKEN HERE}"
file=${shellWord(tokenFile)}
if [ ! -f '/Library/Managed Preferences/${domain}.plist' ]; then
  echo 'The profile with the settings of Cutoff is not there yet: assign it to this Mac, then this is tried again.' >&2
  exit 1
fi
case $token in
  *[!A-Za-z0-9_-]*)
    echo 'This script has no enrolment token: make one on the page of devices and write it into the script.' >&2
    exit 1
    ;;
esac
folder=$(/usr/bin/dirname "$file")
[ -d "$folder" ] || /bin/mkdir -p -m 755 "$folder"
umask 077
/bin/rm -f "$file"
printf '%s\\n' "$token" > "$file"
/usr/sbin/chown root:wheel "$file"
/bin/chmod 400 "$file"
`
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

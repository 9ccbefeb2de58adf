// The policy that `npm start` begins with, as a file for people to change. Written once; theirs from then on.

export const examplePolicy = `# What this organisation allows and bans. Change it, raise the version, and start again (or run
# npm run server -- policy plan FILE, then policy apply FILE).
version: 1
organisation: Example Ltd
timezone: Asia/Shanghai
rules: # the first that names a tool decides
  - id: no-claude-code
    tools: [claude-code]
    verdict: banned
    from: 2026-07-10
    announced: 2026-07-03
    counts: used
    foundUse: suspected
    notice: Claude Code may not be used from 10 July 2026. Please remove it.
unlisted: { verdict: review }
collect: { inventory: full, confirmUse: true, commitTrailers: false }
`

// English words for what is seen, before any judgement: states, marks, evidence, gaps, coverage. Data only.
import { englishTimes } from './english-times.ts'
import { englishTool } from './english-tool.ts'
import type { GroundWords } from './vocabulary.ts'

export const englishGround: GroundWords = {
  state: {
    leftover: { label: 'Left over', about: 'Traces or settings of a tool that is gone.' },
    installed: { label: 'Installed', about: 'It is there; nothing shows that it was started.' },
    started: { label: 'Started', about: 'It ran or was tried; no session is known to have been held.' },
    used: { label: 'Used', about: 'A session was held with it.' },
  },
  markKind: {
    session: { label: 'Session', about: 'Activity in a session that was held: a model answered.' },
    attempt: { label: 'Attempt', about: 'A session was begun; nothing answered.' },
    run: { label: 'Run', about: 'It was seen running.' },
    presence: { label: 'Presence', about: 'It was there on that day.' },
  },
  basis: {
    witnessed: { label: 'Witnessed', about: 'The agent saw it happen.' },
    found: { label: 'Found', about: 'Known only from what files say of themselves.' },
  },
  strength: {
    proven: {
      label: 'Proven',
      about: 'Which tool it is has been established: by its package, signature, id or its own record format.',
    },
    likely: {
      label: 'Likely',
      about: 'Two independent weaker signs, or a run of a tool that leaves no session record.',
    },
    weak: { label: 'Weak', about: 'A name alone. Never enough for a detection.' },
  },
  doubt: {
    'times-disagree': 'The times do not fit together.',
    'arrived-together': 'It came with traces of several tools within seconds.',
    'another-device': 'Another device reported the same session.',
    'another-account': 'Another account of this device reported the same session.',
    'unable-to-run': 'The tool was never seen able to run on this device.',
  },
  times: englishTimes,
  means: {
    presence: { label: 'Presence', about: 'Says that the tool is there.' },
    configuration: { label: 'Settings', about: 'Says that the tool was set up.' },
    start: { label: 'Start', about: 'Says that the tool was started.' },
    session: { label: 'Session', about: 'Says that a session was held.' },
  },
  observation: {
    process: { label: 'Process', about: 'A running program.' },
    command: { label: 'Command', about: 'A program that the account could start.' },
    package: { label: 'Package', about: 'An installed package.' },
    app: { label: 'App', about: 'An installed application.' },
    extension: { label: 'Extension', about: 'An extension of an editor.' },
    config: { label: 'Settings file', about: 'A settings file in a known place.' },
    'mcp-server': { label: 'MCP server', about: 'A server of tools that an agent is set up to use.' },
    trace: { label: 'Trace', about: 'A file that the tool writes when it is used.' },
    behaviour: {
      label: 'Behaviour',
      about: 'Something that AI coding agents do, of a thing that the catalogue does not know.',
    },
  },
  unlisted: {
    label: 'Not in the catalogue',
    about:
      'Something that behaves like an AI coding agent and is not in the catalogue. It may be something else; nothing is held against anybody.',
    next: 'Ask what it is. If it is such a tool, have it added to the catalogue; if it is not, close the finding and say why.',
  },
  behaviour: {
    'agent-dependency': {
      label: 'Built to talk to models',
      about: 'An installed command whose package depends on a library for models or for servers of tools.',
    },
    'agent-mark': {
      label: 'Marks what it starts',
      about:
        'While it ran it gave the programs that it started a mark by which agents make themselves known.',
    },
    'mcp-settings': {
      label: 'Set up to use MCP servers',
      about: 'Its folder has a settings file that lists servers of tools for an agent.',
    },
    'session-records': {
      label: 'Keeps records of sessions',
      about: 'Its folder has records in which a model answered. Only their structure was looked at, no text.',
    },
  },
  gap: {
    denied: {
      label: 'Refused',
      about:
        'The system did not let the agent look. On macOS EPERM is its privacy protection, which the profile cutoff-access.mobileconfig lifts.',
    },
    'outside-home': {
      label: 'Leads out of the home',
      about: 'A link leads out of the account’s home; it is not followed.',
    },
    'not-regular': { label: 'Not a file', about: 'A pipe, socket or device where a file was expected.' },
    'foreign-owner': { label: 'Another’s file', about: 'The file belongs to another account.' },
    'too-large': { label: 'Too large', about: 'The file is larger than the agent reads.' },
    'too-many': { label: 'Too many', about: 'There are more entries than the agent looks at.' },
    'too-deep': { label: 'Too deep', about: 'It lies deeper than the agent looks.' },
    unparsable: { label: 'Unreadable form', about: 'The file is not in the form that was expected.' },
    'remote-mount': {
      label: 'Network file system',
      about:
        'It lies on a network or user-space file system, which could hang, or in a cloud and not on this disk (not-on-disk); the agent leaves it alone.',
    },
    'over-budget': { label: 'Out of time', about: 'The time allowed for the look was up.' },
    'changed-while-read': { label: 'Changed meanwhile', about: 'The file changed while it was read.' },
    unsupported: {
      label: 'Not looked at',
      about: 'This version of the agent does not look there on this system.',
    },
    'blind-spot': {
      label: 'Blind spot',
      about:
        'A virtual machine, a container’s own disk or a remote server: seen, but it cannot be looked into. Or folders that cannot be watched: they are looked at each minute, and what comes and goes in between is not seen.',
    },
    'no-account': {
      label: 'Home without account',
      about: 'A home without an account, or an account without a home.',
    },
    failed: {
      label: 'Failed',
      about: 'The look failed for another reason; the detail has the system’s code.',
    },
  },
  coverage: {
    attested: {
      label: 'Complete',
      about: 'A complete scan under the current catalogue, with no gap.',
    },
    'attested-but-blind-spots': {
      label: 'Blind spots',
      about: 'A complete scan; there are places that cannot be looked into.',
    },
    'not-attested': {
      label: 'Incomplete',
      about: 'Something could not be seen. What is not reported may still be there.',
    },
  },
  contact: {
    reporting: { label: 'Reports', about: 'It reported within the last hour.' },
    asleep: {
      label: 'Asleep or off',
      about: 'It is silent, no longer than it often is: asleep, switched off or out of reach.',
    },
    quiet: {
      label: 'Quiet',
      about:
        'It has been silent for longer than is its habit. Silence is no evidence: neither of a use nor of its absence.',
    },
  },
  counts: {
    used: 'sessions that were held',
    started: 'sessions, attempts and runs',
    installed: 'sessions, attempts, runs and being installed',
  },
  category: {
    'agent-cli': 'command-line agent',
    ide: 'editor',
    'ide-extension': 'editor extension',
    'desktop-app': 'desktop app',
    'browser-extension': 'browser extension',
    'agent-manager': 'manager of agents',
    chat: 'chat assistant',
    'local-runtime': 'local model runtime',
    'tool-server': 'tools or memory for agents',
    library: 'library',
  },
  platform: { linux: 'Linux', darwin: 'macOS', windows: 'Windows' },
  tool: englishTool,
}

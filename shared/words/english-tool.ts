// English words for what a tool is, how it is recognised and what counts as its use. Data only.
import { speech } from './language.ts'
import type { ToolTerms } from './signal-vocabulary.ts'

export const englishTool: ToolTerms = {
  ...speech.en,
  signal: {
    kind: {
      package: {
        label: 'Packages',
        about: 'One of these installed proves that the tool is there: the package’s own record names it.',
      },
      app: {
        label: 'Applications',
        about: 'One of these installed proves that the tool is there: its id is the maker’s own.',
      },
      extension: {
        label: 'Extensions',
        about: 'One of these installed proves that the tool is there: its id is the maker’s own.',
      },
      executable: {
        label: 'Programs in a place of its own',
        about: 'A program there makes it likely that the tool is there: no other is known to use the place.',
      },
      command: {
        label: 'Commands',
        about:
          'A name alone is weak, since anybody may give it to anything: it counts only beside another sign.',
      },
      trace: {
        label: 'Traces of use',
        about:
          'Files that the tool writes when it is started or used. What is read in them, and what counts, is told below.',
      },
      config: {
        label: 'Settings files',
        about: 'They show that the tool was set up, which is weak: they stay when the tool is removed.',
      },
      mcp: {
        label: 'Lists of MCP servers',
        about: 'They show that the tool was set up, which is weak, and which servers it would start.',
      },
      build: {
        label: 'Programs by their content',
        about:
          'A program that carries these marks of its build is likely the tool, whatever it is called now.',
      },
      title: {
        label: 'Titles of processes',
        about: 'What a process calls itself is weak: it counts only where the tool is known to be there.',
      },
      environment: {
        label: 'Variables',
        about:
          'Set for what the tool starts. Weak: it counts only where the tool is known to be there. Only names are looked at, never values.',
      },
    },
    package: {
      npm: 'The npm package {name}',
      pypi: 'The Python package {name}',
      cargo: 'The Rust crate {name}',
      go: 'The Go module {name}',
      deb: 'The Debian package {name}',
      rpm: 'The RPM package {name}',
      nix: 'The Nix package {name}',
      homebrew: 'The Homebrew formula {name}',
      'homebrew-cask': 'The Homebrew cask {name}',
      macports: 'The MacPorts port {name}',
      winget: 'The winget package {name}',
      scoop: 'The Scoop package {name}',
      chocolatey: 'The Chocolatey package {name}',
    },
    command: 'The command {name}',
    executable: 'The program {place}',
    executableOfSize: 'The program {place}, if it has at least {size}',
    app: {
      desktop: 'The application with the desktop entry {id}',
      bundle: 'The macOS application with the bundle id {id}',
      msix: 'The Windows app package {id}',
      uninstall: 'The Windows program that is listed for removal as {id}',
      flatpak: 'The Flatpak {id}',
      snap: 'The snap {id}',
    },
    team: ', signed by the team {team}',
    extension: {
      vscode: 'The extension {id} of VS Code and of editors built on it',
      jetbrains: 'The plugin {id} of JetBrains IDEs',
      zed: 'The extension {id} of Zed',
      neovim: 'The plugin {id} of Neovim',
      chromium: 'The extension {id} of Chrome and of browsers built on Chromium',
    },
    config: 'The file {place}',
    trace: {
      session: 'The session record {place}',
      start: 'The file {place}, which a start leaves',
    },
    mcp: 'The table {key} of the file {place}',
    build: 'A program that was built as {name}',
    appImage: 'The AppImage whose file is called {entry}',
    signed: 'A program that {by} signed as {entry}',
    title: 'A process that calls itself {name}',
    environment: 'The variable {name}',
    movedHome: 'The variable {variable} moves {place}, with all that is named below it here.',
    mcpServer: '{what}, which an agent is set up to start as a server',
  },
  use: {
    recording: {
      always: 'A session leaves a record that can be dated.',
      'not-always': 'Some sessions leave a record that can be dated; others leave none.',
      never: 'A session leaves no record that can be dated.',
      perhaps: 'A session may leave a record that can be dated; whether each one does is not known.',
      'not-known': 'Whether a session leaves a record that can be dated is not known.',
    },
    never: 'So its use is not known of from files: only that it was started or seen running.',
    sessions:
      'A session counts as held, at the time in its own record, where the record says that a model answered. Only the keys named here are read, never what was written:',
    unread:
      'These files are named after sessions, but nothing in them is read: a use by them is likely, not proven:',
    starts: 'These tell that it was started, not that a model answered:',
    running: 'Seen running, it was started; by itself that is no session.',
    session: '{place}: the time is in {time}.',
    rewritten: 'The tool rewrites the file, so that the file’s own times date nothing.',
    held: 'A model answered where',
    test: {
      equals: '{key} is {values}',
      oneOf: '{key} is {values}',
      not: '{key} is there and is not {values}',
      unless: '{key} is not {values}',
      notEmpty: '{key} is not empty',
      there: '{key} is there',
    },
  },
  verified: {
    head: 'Installed and started by the project on {day}, on {system}:',
    outcome: {
      installed: 'The npm package {name} was installed.',
      'without-scripts': 'The npm package {name} was unpacked, since its install scripts failed.',
      'not-in-registry':
        'The npm package {name} was not in the registry that was asked, which may hold less than the public one.',
      'install-failed': 'The npm package {name} could not be installed.',
    },
    version: 'Version {version}.',
    deprecated: 'The registry says of it: {text}',
    with: 'With it came {packages}.',
    command: {
      answered: 'The command {name} answered when it was asked for its version.',
      failed: 'The command {name} failed when it was asked for its version.',
      'timed-out': 'The command {name} did not end when it was asked for its version.',
      'needs-network': 'The command {name} needs a network to tell its version.',
      'needs-more': 'The command {name} needs a program or package that was not there to tell its version.',
    },
    use: {
      answered: 'One prompt was answered, by a stand-in for the model.',
      failed: 'One prompt, meant for a stand-in for the model, failed.',
      'timed-out': 'One prompt, meant for a stand-in for the model, did not end.',
      'needs-network': 'One prompt, meant for a stand-in for the model, needs a network.',
      'needs-more':
        'One prompt, meant for a stand-in for the model, needs a program or package that was not there.',
    },
    touched: {
      install: 'Installing it made or changed {files}.',
      version: 'Asking for the version made or changed {files}.',
      use: 'The prompt made or changed {files}.',
    },
    untouched: {
      install: 'Installing it touched no file in the home.',
      version: 'Asking for the version touched no file in the home.',
      use: 'The prompt touched no file in the home.',
    },
    detected: {
      yes: 'The agent recognised it, and nothing else, after each step.',
      no: 'The agent did not recognise it after each step, or took it for something else too.',
    },
  },
  rests: {
    observed: { label: 'Observed', about: 'Seen when the tool was installed and used for the catalogue.' },
    documented: { label: 'Documented', about: 'Said by its maker or by a package’s own manifest.' },
    inferred: { label: 'Inferred', about: 'Concluded from what was observed or documented.' },
  },
  onlyOn: 'on {systems}',
  everySystem: 'on every system',
  renamedFrom: 'Called {name} until {day}.',
  successor: 'Followed by {name} since {day}.',
  ended: 'No longer offered or maintained since {day}. What is installed may go on.',
  countryUnknown: 'not known',
  and: ' and ',
  or: ' or ',
}

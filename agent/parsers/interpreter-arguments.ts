// Which argument of an interpreter is the script that it runs. Pure; looks at no file.
// Sources: `node --help`, `bun --help`, `deno run --help`, `python3 --help`, dash(1), bash(1), looked at 2026-11-22.

export type Family = 'node' | 'bun' | 'deno' | 'python' | 'shell' | 'ruby' | 'perl'

interface Rules {
  /** Options whose value is the next argument. */
  readonly takesValue: ReadonlySet<string>
  /** Options after which there is no script: it runs text, a module or a package's script. */
  readonly noScript: ReadonlySet<string>
  /** First words that are no script but come before one. */
  readonly before: ReadonlySet<string>
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' ').filter((word) => word !== ''))

const rules: Readonly<Record<Family, Rules>> = {
  node: {
    takesValue: words(
      '-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title ' +
        '--icu-data-dir --openssl-config --redirect-warnings --diagnostic-dir --dns-result-order --input-type ' +
        '--experimental-default-type --inspect-port --debug-port --watch-path --test-name-pattern --test-reporter ' +
        '--test-reporter-destination --heapsnapshot-signal --report-dir --report-directory --report-filename ' +
        '--report-signal --secure-heap --secure-heap-min --tls-cipher-list --tls-keylog --trace-event-categories ' +
        '--trace-event-file-pattern --unhandled-rejections --use-largepages --localstorage-file --experimental-config-file ' +
        '--cpu-prof-dir --cpu-prof-name --heap-prof-dir --heap-prof-name --max-http-header-size --network-family-autoselection-attempt-timeout',
    ),
    noScript: words('-e --eval -p --print -pe -i --interactive --run -v --version -h --help -'),
    before: words('inspect'),
  },
  bun: {
    takesValue: words(
      '-r --preload --require --import -c --config --cwd --env-file --port --conditions --tsconfig-override -d --define -l --loader --inspect',
    ),
    noScript: words(
      '-e --eval -p --print -v --version -h --help x exec repl install add remove update create init pm test build upgrade',
    ),
    before: words('run'),
  },
  deno: {
    takesValue: words('-c --config --import-map --lock --cert -L --log-level --seed --location --ext'),
    noScript: words('eval repl install test fmt lint task cache -V --version -h --help'),
    before: words('run'),
  },
  python: {
    takesValue: words('-W -X -Q --check-hash-based-pycs'),
    noScript: words('-c -m -V --version -h --help -'),
    before: words(''),
  },
  shell: {
    takesValue: words('-o +o -O +O --rcfile --init-file'),
    noScript: words('-s --version --help -'),
    before: words(''),
  },
  ruby: {
    takesValue: words('-r -I -C -E -K'),
    noScript: words('-e -v --version -h --help -'),
    before: words(''),
  },
  perl: { takesValue: words('-I'), noScript: words('-e -E -v --version -h --help -'), before: words('') },
}

const families: readonly (readonly [RegExp, Family])[] = [
  [/^(?:node|nodejs)(?:-?\d+(?:\.\d+)*)?(?:\.exe)?$/, 'node'],
  [/^(?:bun|bunx)(?:\.exe)?$/, 'bun'],
  [/^deno(?:\.exe)?$/, 'deno'],
  [/^(?:python|pypy)\d*(?:\.\d+)*t?(?:\.exe)?$/, 'python'],
  [/^(?:sh|dash|bash|zsh|ksh|ksh93|mksh|ash|busybox|fish)$/, 'shell'],
  [/^ruby\d*(?:\.\d+)*$/, 'ruby'],
  [/^perl\d*(?:\.\d+)*$/, 'perl'],
]

/** The interpreter's family by its program's base name; null for anything that is no interpreter. */
export function interpreterOf(executable: string): Family | null {
  const name = executable.slice(executable.lastIndexOf('/') + 1).replace(/\.exe$/i, '')
  return families.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** The script as it stands in the arguments, null when the interpreter runs none that can be told. */
export function scriptArgument(family: Family, argv: readonly string[]): string | null {
  const { takesValue, noScript, before } = rules[family]
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    if (argument === '--') return argv[index + 1] || null
    if (noScript.has(argument)) return null
    if (takesValue.has(argument)) {
      index += 1
      continue
    }
    if (isOption(family, argument)) {
      if (runsText(family, argument)) return null
      continue
    }
    if (before.has(argument)) continue
    // Deno takes addresses and names of packages, too, which are no files here.
    return argument === '' || (family === 'deno' && /^(?!file:)[a-z]+:/.test(argument)) ? null : argument
  }
  return null
}

function isOption(family: Family, argument: string): boolean {
  return argument.length > 1 && (argument.startsWith('-') || (family === 'shell' && argument.startsWith('+')))
}

/** Joined short options such as `sh -lc text` and `python -Ic text`, and `--eval=text`. */
function runsText(family: Family, argument: string): boolean {
  if (argument.startsWith('--')) return /^--(?:eval|print)=/.test(argument)
  if (family === 'shell') return /^-[A-Za-z]*[cs]/.test(argument)
  if (family === 'python') return /^-[A-Za-z]*[cm]/.test(argument)
  if (family === 'ruby' || family === 'perl') return /^-[A-Za-z]*e/i.test(argument)
  return false
}

/** The module of `python -m module`, also in joined options (`-Im module`, `-mmodule`); null when it runs none. */
export function moduleArgument(argv: readonly string[]): string | null {
  const { takesValue } = rules.python
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    if (!isOption('python', argument) || argument.startsWith('--')) return null
    const joined = /^-[bBdEiIOPqRsSuvx]*m(.*)$/.exec(argument)
    if (joined !== null) {
      const module = joined[1] || argv[index + 1] || ''
      return /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(module) ? module : null
    }
    if (runsText('python', argument)) return null
    if (takesValue.has(argument)) index += 1
  }
  return null
}

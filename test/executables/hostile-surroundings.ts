// Surroundings that try to have a program run something else: variables, a working directory and a PATH full of traps. Each
// trap that is sprung leaves its name.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledPackages } from '../../installers/executable/bundled-packages.ts'
import { findSystemCommand } from '../helpers/lab/commands.ts'

export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Names of the traps that were sprung, and `compiled-code` where such is kept for later starts. */
  readonly sprung: () => readonly string[]
}

/** Programs that an agent, a library of it or a shell may start by name. */
const programs = [
  'sh',
  'bash',
  'ps',
  'id',
  'uname',
  'getent',
  'lsb_release',
  'dpkg-query',
  'rpm',
  'node',
  'cutoff-agent',
]

/** Lays the traps into an empty folder. Without a C compiler there is no library among them. */
export function hostileSurroundings(folder: string): Surroundings {
  const marks = join(folder, 'sprung')
  const cwd = join(folder, 'cwd')
  const modules = join(folder, 'modules')
  const path = join(folder, 'path')
  for (const made of [marks, cwd, modules, path]) mkdirSync(made)
  const mark = (name: string) => JSON.stringify(join(marks, name))
  const trap = (place: string, name: string): string => {
    writeFileSync(place, `process.getBuiltinModule('node:fs').writeFileSync(${mark(name)}, '')\n`)
    return place
  }
  for (const program of programs) {
    writeFileSync(join(path, program), `#!/bin/sh\n: > ${mark(`path-${program}`)}\n`)
    chmodSync(join(path, program), 0o755)
  }
  for (const [root, how] of [
    [modules, 'node-path'],
    [join(cwd, 'node_modules'), 'working-directory'],
  ] as const) {
    for (const name of [...Object.keys(bundledPackages), 'node:fs', 'process']) {
      mkdirSync(join(root, name), { recursive: true })
      trap(join(root, name, 'index.js'), `${how}-${name.replace(':', '-')}`)
    }
  }
  for (const file of ['agent.cjs', 'entry.cjs', 'index.js'])
    trap(join(cwd, file), `working-directory-${file}`)
  // Compiled code that is found here would be run in place of a module's own.
  const compiled = join(folder, 'compiled')
  const shell = join(folder, 'startup.sh')
  writeFileSync(shell, `: > ${mark('shell-startup')}\n`)
  const required = trap(join(folder, 'required.cjs'), 'required')
  const imported = trap(join(folder, 'imported.mjs'), 'imported')
  const openssl = openSslConfiguration(folder, join(marks, 'openssl'))
  return {
    cwd,
    env: {
      PATH: path,
      NODE_PATH: modules,
      NODE_OPTIONS: `--require=${required} --import=${imported} --disable-warning=x`,
      NODE_COMPILE_CACHE: compiled,
      ENV: shell,
      BASH_ENV: shell,
      ...(openssl === undefined ? {} : { OPENSSL_CONF: openssl }),
    },
    sprung: () => [...readdirSync(marks), ...(holdsFiles(compiled) ? ['compiled-code'] : [])].toSorted(),
  }
}

function holdsFiles(folder: string): boolean {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, withFileTypes: true }).some((one) => one.isFile())
  )
}

/** A configuration of OpenSSL that names a provider to load; undefined without a compiler. */
function openSslConfiguration(folder: string, mark: string): string | undefined {
  const compiler = findSystemCommand('cc') ?? findSystemCommand('gcc')
  if (compiler === undefined) return undefined
  const library = join(folder, 'provider.so')
  const source = join(folder, 'provider.c')
  writeFileSync(
    source,
    `#include <stdio.h>
__attribute__((constructor)) static void spring(void) { FILE *f = fopen(${JSON.stringify(mark)}, "w"); if (f) fclose(f); }
int OSSL_provider_init(void *a, void *b, void **c, void **d) { return 1; }
`,
  )
  execFileSync(compiler, ['-shared', '-fPIC', '-o', library, source])
  const file = join(folder, 'openssl.cnf')
  writeFileSync(
    file,
    `nodejs_conf = start\nopenssl_conf = start\n[start]\nproviders = all\n[all]\nhostile = one\n[one]\nmodule = ${library}\nactivate = 1\n`,
  )
  return file
}

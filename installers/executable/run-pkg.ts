// One run of pkg, in a process of its own: pkg takes the folder of its Nodes from HOME, changes the working directory and
// prints as it likes. Reads one request as JSON from its arguments.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type Sea from '@yao-pkg/pkg/lib-es5/sea.js'

/** Absolute paths; `seaConfig` is Node's own, with paths relative to where pkg works. */
export interface PkgRequest {
  readonly entry: string
  readonly output: string
  readonly nodeVersion: string
  readonly platform: 'linux' | 'macos' | 'win'
  readonly arch: 'x64' | 'arm64'
  /** A program that is the Node to make the blob with. */
  readonly generator: string
  readonly seaConfig: Readonly<Record<string, unknown>>
}

// What pack.ts passes.
const request = JSON.parse(process.argv[2] ?? '') as PkgRequest
const pkgEntry = import.meta.resolve('@yao-pkg/pkg/lib-es5/sea.js')
const pkgRequire = createRequire(pkgEntry)
// pkg makes the blob with the Node that runs it, unless a target is for this machine: then with the target's Node, as it is.
// To have the say for every target, the machine is of no kind that pkg knows.
const { system } = pkgRequire('@yao-pkg/pkg-fetch') as { system: { hostArch: string } }
system.hostArch = 'none'
process.execPath = request.generator
const sea = pkgRequire(fileURLToPath(pkgEntry)) as typeof Sea
const { entry, output, nodeVersion, platform, arch } = request
await sea.default(entry, {
  signature: false,
  targets: [{ nodeRange: `node${nodeVersion}`, platform, arch, output }],
  // pkg's type knows fewer fields than Node; it passes all of them on.
  seaConfig: request.seaConfig as Parameters<typeof sea.default>[1]['seaConfig'] & object,
})

// One run of pkg, in a process of its own: pkg takes the folder of its Nodes from HOME, changes the working directory and
// prints as it likes. Reads one request as JSON from its arguments.
import sea from '@yao-pkg/pkg/lib-es5/sea.js'

/** Absolute paths; `seaConfig` is Node's own, with paths relative to where pkg works. */
export interface PkgRequest {
  readonly entry: string
  readonly output: string
  readonly nodeVersion: string
  readonly platform: 'linux' | 'macos' | 'win'
  readonly arch: 'x64' | 'arm64'
  /** What makes the blob in place of the Node that runs this; null: pkg's own choice. */
  readonly generator: string | null
  readonly seaConfig: Readonly<Record<string, unknown>>
}

// What pack.ts passes.
const request = JSON.parse(process.argv[2] ?? '') as PkgRequest
// pkg makes the blob for another system with the Node that runs it.
if (request.generator !== null) process.execPath = request.generator
const { entry, output, nodeVersion, platform, arch } = request
await sea.default(entry, {
  signature: false,
  targets: [{ nodeRange: `node${nodeVersion}`, platform, arch, output }],
  // pkg's type knows fewer fields than Node; it passes all of them on.
  seaConfig: request.seaConfig as Parameters<typeof sea.default>[1]['seaConfig'] & object,
})

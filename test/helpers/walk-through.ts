// The commands that installers/README.md tells an administrator to type on the way from a token to the first report.
import { readText } from './repository.ts'

/** The part of the page that walks an administrator through. */
export const walkThrough =
  /^## From token to first report\n([\s\S]*?)(?=^## )/m.exec(readText('installers/README.md'))?.[1] ?? ''

/** Those of one kind of block, in order. */
function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.trim().split('\n'))
}

const [checkout = '', ...systems] = walkThrough.split(/^### /m)

/** Typed in the checkout, on the server. */
export const serverCommands = commandsIn(checkout)

/** Typed on a machine, by the heading that they stand under. */
export const machineCommands: ReadonlyMap<string, readonly string[]> = new Map(
  systems
    .map((part) => [part.split('\n')[0] ?? '', commandsIn(part)] as const)
    .filter(([, commands]) => commands.length > 0),
)

// What of a module's schemas a bundle holds: those that something checks with, and all that is not made by zod.
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { withoutUnusedSchemas } from '../../../installers/unused-schemas.ts'

const modules: Readonly<Record<string, string>> = {
  '/entry.ts': `
    import { Used } from '/schemas.ts'
    import { fact } from '/facts.ts'
    export const check = (value: unknown) => Used.safeParse(value)
    export const told = fact`,
  '/schemas.ts': `
    import { z } from 'zod'
    const Part = z.enum(['part-of-used'])
    export const Used = z.strictObject({ part: Part })
    export const Unused = z.strictObject({ word: z.literal('of-unused') })
    const OfUnused = Unused.extend({ more: z.literal('of-extended') })
    export type Both = z.infer<typeof OfUnused>`,
  '/facts.ts': `
    const effect = globalThis.dispatchEvent(new Event('with-an-effect'))
    export const fact = 'a-fact'`,
}

async function bundled(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    plugins: [
      {
        name: 'given-modules',
        enforce: 'pre',
        resolveId: (id) => (id in modules ? id : null),
        load: (id) => modules[id] ?? null,
      },
      withoutUnusedSchemas,
    ],
    build: { ssr: '/entry.ts', write: false, minify: false },
  })
  return (output as Rolldown.RolldownOutput).output.map((one) => ('code' in one ? one.code : '')).join('\n')
}

test('schemas that nothing checks with are not in a bundle, and all else is', async () => {
  const code = await bundled()
  for (const there of ['part-of-used', 'with-an-effect', 'a-fact']) expect(code).toContain(there)
  for (const gone of ['of-unused', 'of-extended']) expect(code).not.toContain(gone)
})

// Leaves schemas out of a bundle that nothing in it checks anything with: most are declared for the types that come of them, for the
// server or for the documentation. A bundler cannot know that making one has no effect, and each costs a start time and memory.
import type { Plugin } from 'vite'

/** Wraps what a module declares by a call into a function that is marked as one without effects. For modules that import zod. */
export const withoutUnusedSchemas: Plugin = {
  name: 'without-unused-schemas',
  transform: {
    // Their imports tell them, and no other module is read: what else is called may well have effects.
    filter: { id: { include: /\.ts$/, exclude: /node_modules/ }, code: /from ["']zod["']/ },
    handler(code) {
      const calls = this.parse(code, { lang: 'ts' }).body.flatMap((statement) => {
        const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
        if (declared?.type !== 'VariableDeclaration') return []
        return declared.declarations.flatMap(({ init }) => (init?.type === 'CallExpression' ? [init] : []))
      })
      let wrapped = code
      for (const { start, end } of calls.toReversed()) {
        const call = wrapped.slice(start, end)
        wrapped = `${wrapped.slice(0, start)}/* @__PURE__ */ (() => ${call})()${wrapped.slice(end)}`
      }
      return { code: wrapped, map: null }
    },
  },
}

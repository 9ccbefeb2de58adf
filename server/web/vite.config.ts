// Builds the dashboard into dist/web, from where the server serves it. No network, no CDN: all assets are local.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

// Vite loads its configuration from the default export.
export default defineConfig({
  root: fromRoot('server/web'),
  base: '/',
  cacheDir: fromRoot('.cache/vite'),
  plugins: [react()],
  build: {
    outDir: fromRoot('dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // No inlined data: URIs, so that the server's content security policy can stay at 'self'.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // One chunk, so that data/schema-mode.ts runs before the first schema is made.
            { name: 'schemas', test: /node_modules\/zod\/|\/shared\/|\/data\/schema-mode\.ts/, priority: 2 },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8740' },
  },
})

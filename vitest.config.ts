import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{archive,query-templates,ingest,api,cli,web}/test/**/*.test.ts', 'web/test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores; each worker may start engine processes of its own.
    maxWorkers: 2,
  },
})

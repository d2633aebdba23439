import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{archive,query-templates,ingest,api,cli,web,e2e/rehearsal}/test/**/*.test.ts', 'web/test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores; each worker may start engine processes of its own.
    maxWorkers: 2,
    // Known, and said once a test file: the rehearsal's SDK clients are pinned.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})

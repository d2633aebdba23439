import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Against the real engine: `npm run -w e2e/rehearsal test:trino`.
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: {
    include: ['e2e/rehearsal/test/trino/*.trino.ts'],
    globalSetup: join(import.meta.dirname, 'test', 'trino', 'setup.ts'),
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})

#!/usr/bin/env node
// Runs the command line's TypeScript as it is; see docs/adr/0001-seams.md.
try {
  const { register } = await import('tsx/esm/api')
  register()
} catch {
  console.error('muniment: the packages are not installed yet. Run `npm start` once, or `npm ci`.')
  process.exit(2)
}
await import('../cli/src/main.ts')

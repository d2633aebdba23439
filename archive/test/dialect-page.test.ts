import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { dialectPage } from '../src/engine/dialect/docs-page.ts'

const file = fileURLToPath(new URL('../../docs/sql-dialect.md', import.meta.url))

it('is described in docs/sql-dialect.md as it is', () => {
  if (process.env.UPDATE_DOCS) writeFileSync(file, dialectPage())
  expect(readFileSync(file, 'utf8')).toBe(dialectPage())
})

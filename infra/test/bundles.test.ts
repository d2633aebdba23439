import { execSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { banner, mainFields, placeBeside } from '../src/constructs/muniment-function.ts'
import { functionNames } from '../src/names.ts'
import { entryOf, projectRoot } from '../src/paths.ts'

const MB = 1_000_000

/** As the CDK calls esbuild: tests build without its folders and hashes. */
async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    metafile: true,
    outfile: 'index.mjs',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    keepNames: true,
    mainFields: [...mainFields],
    banner: { js: banner },
    logLevel: 'silent',
  })
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  return {
    bytes: outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0),
    taken: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
    outside: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  }
}

describe('bundles', () => {
  it.each(functionNames)(
    'of %s fits in 5 MB, has no DuckDB and no grammar, and wants nothing but Node',
    async (name) => {
      const { bytes, taken, outside } = await bundle(entryOf(name))
      expect(bytes).toBeLessThan(5 * MB)
      // What Cognito waits for takes nothing along.
      if (name === 'tokens') expect(bytes).toBeLessThan(5_000)
      else expect(taken.length).toBeGreaterThan(50)
      expect(taken.filter((path) => /duckdb|dt-sql-parser/.test(path))).toEqual([])
      expect(outside.filter((path) => !/^(node:)?[a-z_]+(\/[a-z_]+)*$/.test(path))).toEqual([])
    },
  )

  it('have the macros of panels beside them', () => {
    const output = mkdtempSync(join(tmpdir(), 'bundle-'))
    try {
      execSync(placeBeside(output))
      expect(readFileSync(join(output, 'components.njk'), 'utf8')).toContain('{% macro panel(')
    } finally {
      rmSync(output, { recursive: true })
    }
  })
})

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const source = (path: string) => JSON.stringify(join(import.meta.dirname, '../../src', path))

/** Modules of the SDK that a process has loaded once it has imported `path`. */
function loadedBy(path: string): number {
  const script = `import { Module } from 'node:module'
    const seen = new Set()
    const resolve = Module._resolveFilename
    Module._resolveFilename = (request, ...rest) => (seen.add(request), resolve.call(Module, request, ...rest))
    await import(${source(path)})
    console.log([...seen].filter((name) => /@aws-sdk|@smithy/.test(name)).length)`
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  return Number(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}

it('leaves the AWS SDK alone when a data folder is opened, and loads it for S3', () => {
  expect(loadedBy('home.ts')).toBe(0)
  expect(loadedBy('store/s3/s3-store.ts')).toBeGreaterThan(0)
})

it('leaves it alone too when a data folder is crawled', () => {
  expect(loadedBy('catalog/local-catalog.ts')).toBe(0)
  expect(loadedBy('catalog/glue/glue-catalog.ts')).toBeGreaterThan(0)
})

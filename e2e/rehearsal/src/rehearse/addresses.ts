import { strictEqual } from 'node:assert'
import type { Answer } from './api.ts'
import { APPLICATION } from './environment.ts'

export interface Address {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** A body that says nothing, where there has to be one. */
  readonly body?: unknown
}

const methods = ['get', 'post', 'put', 'delete'] as const
const absent = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
const values: Readonly<Record<string, string>> = { application: APPLICATION, panel: 'summary' }

/** Answered to whoever asks: infra/src/constructs/http-api.ts says why. */
export const openWithoutToken = (path: string) => path === '/api/health' || path.startsWith('/api/files/')

/** Every address of the OpenAPI document, each about what is not there, or saying nothing: asking changes nothing. */
export function addressesOf(openapi: Answer): Address[] {
  strictEqual(openapi.status, 200, openapi.body.slice(0, 500))
  const { paths } = JSON.parse(openapi.body) as { paths: Record<string, Record<string, { requestBody?: unknown }>> }
  return Object.entries(paths).flatMap(([template, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method]
      // Asking for it has the log checked.
      if (!operation || (method === 'post' && template === '/api/audit/verification')) return []
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? absent)
      const name = method.toUpperCase() as Address['method']
      return [{ method: name, path, ...(operation.requestBody !== undefined && { body: {} }) }]
    }),
  )
}

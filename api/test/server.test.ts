import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@muniment/archive/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../src/server.ts'
import { openBrowser } from './support/browser.ts'
import { writeLending } from './support/lending.ts'

const log = createLog('api', { level: 'silent' })

describe('the server', () => {
  let root: string
  let server: Awaited<ReturnType<typeof startServer>>
  const options = () => ({ home: join(root, 'home'), templatesRoot: join(root, 'templates'), port: 0, log })
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'muniment-server-'))
    await writeLending(join(root, 'templates'))
    server = await startServer(options())
  })
  afterAll(async () => {
    await server.close()
    await rm(root, { recursive: true, force: true })
  })

  it('answers on its address, to itself by name only', async () => {
    expect(await (await fetch(`${server.url}/api/health`)).json()).toEqual({ status: 'ok', engine: 'duckdb' })
    expect((await fetch(`${server.url}/api/me`)).status).toBe(401)
  })

  it('listens on loopback only', async () => {
    const port = Number(new URL(server.url).port)
    const taken = await new Promise<string | undefined>((resolve) => {
      const probe = createServer()
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      probe.listen(port, '127.0.0.2', () => probe.close(() => resolve(undefined)))
    })
    // Had it listened on all addresses, this one would be taken.
    expect(taken).toBeUndefined()
  })

  it('tells who takes a port that is taken, and how to choose another', async () => {
    const port = Number(new URL(server.url).port)
    const second = startServer({ ...options(), home: join(root, 'other'), port })
    await expect(second).rejects.toThrow(
      `Port ${port} is taken by another program. Choose another one: PORT=${port + 1}`,
    )
  })

  it('describes every address of its API, with the answers it may give', async () => {
    const { access_token: token } = await openBrowser(server.url).signIn({ person: 'emil.brandt' })
    const described = await fetch(`${server.url}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } })
    const document = (await described.json()) as {
      paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown> }>>
    }
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/access/explain',
      '/api/access/proposals',
      '/api/access/proposals/{id}',
      '/api/access/proposals/{id}/approve',
      '/api/access/proposals/{id}/refuse',
      '/api/access/proposals/{id}/withdraw',
      '/api/access/rules',
      '/api/applications',
      '/api/applications/{application}/model',
      '/api/applications/{application}/use-cases',
      '/api/audit/entries',
      '/api/audit/entries.jsonl',
      '/api/audit/names',
      '/api/audit/verification',
      '/api/exports/{id}',
      '/api/exports/{id}/address',
      '/api/exports/{id}/companion',
      '/api/exports/{id}/file',
      '/api/files/{token}',
      '/api/health',
      '/api/holds',
      '/api/holds/preview',
      '/api/holds/{id}',
      '/api/holds/{id}/approve-release',
      '/api/holds/{id}/propose-release',
      '/api/holds/{id}/refuse-release',
      '/api/holds/{id}/review',
      '/api/holds/{id}/widen',
      '/api/me',
      '/api/purposes',
      '/api/retention/due',
      '/api/retention/proposals',
      '/api/retention/proposals/{id}',
      '/api/retention/proposals/{id}/approve',
      '/api/retention/proposals/{id}/refuse',
      '/api/retention/proposals/{id}/withdraw',
      '/api/retention/record',
      '/api/retention/runs',
      '/api/retention/runs/{run}',
      '/api/retention/runs/{run}/approve',
      '/api/retention/runs/{run}/cancel',
      '/api/retention/runs/{run}/certificate',
      '/api/retention/runs/{run}/execute',
      '/api/retention/runs/{run}/pause',
      '/api/retention/runs/{run}/send-back',
      '/api/retention/schedules',
      '/api/searches',
      '/api/searches/estimate',
      '/api/searches/{id}',
      '/api/searches/{id}/exports',
      '/api/searches/{id}/exports/estimate',
      '/api/searches/{id}/panels/{panel}',
      '/api/searches/{id}/prints',
    ])
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary, path).toMatch(/\w/)
        expect(Object.keys(operation.responses).length, path).toBeGreaterThan(0)
      }
    }
  })
})

import {
  AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from '@aws-sdk/client-athena'
import type { DataCatalog } from '../../src/athena/data-catalog.ts'
import { serveAthena } from '../../src/athena/server.ts'
import { createAthena } from '../../src/athena/service.ts'
import type { Settings } from '../../src/athena/settings.ts'
import { type Answer, createFakeEngine } from './fake-engine.ts'
import { createMemoryStore } from './memory-store.ts'

export const output = { OutputLocation: 's3://bucket/out/' }

/** The service over its wire, with the SDK's own client, an engine of prepared answers and S3 in memory. */
export async function serve(answerOf?: (sql: string) => Answer, settings: Partial<Settings> = {}) {
  const { engine, asked } = createFakeEngine(answerOf)
  const { store, objects } = createMemoryStore()
  const time = { now: 1_000_000 }
  // No statement of these tests reaches a catalog.
  const catalog = {} as DataCatalog
  const athena = createAthena({ engine, store, catalog, settings, now: () => time.now })
  const server = await serveAthena(athena)
  const client = new AthenaClient({
    endpoint: server.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const start = async (QueryString: string, more: Partial<StartQueryExecutionInput> = {}) => {
    const started = await client.send(
      new StartQueryExecutionCommand({ QueryString, ResultConfiguration: output, ...more }),
    )
    return started.QueryExecutionId ?? ''
  }
  const get = async (QueryExecutionId: string): Promise<QueryExecution> =>
    (await client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution ?? {}
  const ended = async (id: string): Promise<QueryExecution> => {
    for (;;) {
      time.now += 10
      const execution = await get(id)
      if (!['QUEUED', 'RUNNING'].includes(execution.Status?.State ?? '')) return execution
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  const stop = async () => {
    client.destroy()
    await server.stop()
  }
  return { athena, client, endpoint: server.endpoint, start, get, ended, asked, objects, time, stop }
}

export type Served = Awaited<ReturnType<typeof serve>>

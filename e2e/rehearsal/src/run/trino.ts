import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Equipment } from '../install/install.ts'
import { runTrino } from '../trino/client.ts'
import { freePorts } from './ports.ts'
import { startProgram } from './program.ts'
import { glueCatalog, scratchCatalog, scratchSchema, writeTrinoConfig } from './trino-config.ts'

export interface Trino {
  readonly endpoint: string
  stop(): Promise<void>
}

/** Trino over the S3 and Glue at `awsEndpoint`; everything it writes is below `folder`. */
export async function startTrino(equipment: Equipment, folder: string, awsEndpoint: string): Promise<Trino> {
  const [port] = await freePorts(1)
  const own = join(folder, 'trino')
  mkdirSync(own, { recursive: true })
  writeTrinoConfig(own, equipment.trino, port ?? 0, awsEndpoint)
  const endpoint = `http://127.0.0.1:${port}`

  // Java at once rather than the launcher, which would need a Python of its own and stay as a parent in between.
  const linesOf = (name: string) =>
    readFileSync(join(own, 'etc', name), 'utf8')
      .trim()
      .split('\n')
  const program = await startProgram({
    name: 'Trino',
    command: equipment.java,
    args: [
      '-cp',
      join(equipment.trino, 'lib', '*'),
      ...linesOf('jvm.config'),
      `-Dconfig=${join(own, 'etc', 'config.properties')}`,
      `-Dlog.levels-file=${join(own, 'etc', 'log.properties')}`,
      ...linesOf('node.properties').map((line) => `-D${line}`),
      'io.trino.server.TrinoServer',
    ],
    cwd: own,
    log: join(folder, 'trino.log'),
    env: { ...process.env, TZ: 'UTC' },
    ready: async () => {
      // "No nodes available" for a while after it says that it has started: only a query tells.
      await runTrino(endpoint, { sql: `CREATE SCHEMA IF NOT EXISTS ${scratchCatalog}.${scratchSchema}` })
      await runTrino(endpoint, { sql: `SHOW SCHEMAS FROM ${glueCatalog}` })
      return true
    },
    readyWithinMs: 180_000,
  })
  return { endpoint, stop: program.stop }
}

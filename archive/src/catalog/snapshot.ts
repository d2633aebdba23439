import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { CatalogSnapshot, CatalogTable } from './port.ts'

const Snapshot = z.object({
  application: z.string(),
  version: z.string(),
  crawled: z.string(),
  tables: z.array(
    z.object({
      name: z.string(),
      domain: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), bytes: z.number() })),
      partitionBy: z.array(z.string()),
      objects: z.array(
        z.object({
          key: z.string(),
          etag: z.string(),
          size: z.number(),
          rows: z.number(),
          partition: z.record(z.string(), z.string()),
          load: z.string(),
        }),
      ),
      rows: z.number(),
      bytes: z.number(),
      incomplete: z.literal(true).exactOptional(),
    }),
  ),
})

/** A snapshot from its JSON; undefined where that is none. */
export function parseSnapshot(json: string): CatalogSnapshot | undefined {
  try {
    return Snapshot.parse(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** The version is a hash over everything but the time. */
export function makeSnapshot(application: string, tables: CatalogTable[]): CatalogSnapshot {
  const version = createHash('sha256')
    .update(JSON.stringify([application, tables]))
    .digest('hex')
  return { application, version, crawled: new Date().toISOString(), tables }
}

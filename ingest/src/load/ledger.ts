import { OperatorError } from '@muniment/archive/errors'
import { loadPrefix } from '@muniment/archive/layout'
import { SealReference } from '@muniment/archive/seals/seal'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import type { TableCounts } from '../outcome.ts'

export interface LoadedObject {
  key: string
  etag: string
  /** Bytes. */
  size: number
  rows: number
  table: string
  partition: Record<string, string>
  sha256: string
}

/** `load.json`: its creation is the commit of a load. */
export interface LoadRecord {
  load: string
  application: string
  deliveryHash: string
  modelHash: string
  started: string
  finished: string
  tables: Record<string, TableCounts>
  /** What of the delivery became which table. */
  files: { name: string; table: string; sha256: string }[]
  objects: LoadedObject[]
  report: string
  /** Absent of loads made before loads were sealed. */
  seal?: SealReference
}

const counts = z.object({ read: z.number(), written: z.number(), refused: z.number() })
const Recorded = z.object({
  load: z.string(),
  application: z.string(),
  deliveryHash: z.string(),
  modelHash: z.string(),
  started: z.string(),
  finished: z.string(),
  tables: z.record(z.string(), counts),
  files: z.array(z.object({ name: z.string(), table: z.string(), sha256: z.string() })).default([]),
  objects: z.array(
    z.object({
      key: z.string(),
      etag: z.string(),
      size: z.number(),
      rows: z.number(),
      table: z.string(),
      partition: z.record(z.string(), z.string()),
      sha256: z.string().default(''),
    }),
  ),
  report: z.string().default(''),
  seal: SealReference.optional(),
})

export const loadKey = (application: string, load: string) => `${loadPrefix(application, load)}load.json`

/** Every committed load of an application, whether its objects still exist or not. */
export async function readLedger(store: ObjectStore, application: string): Promise<LoadRecord[]> {
  const records: LoadRecord[] = []
  for await (const { key } of store.list(loadPrefix(application))) {
    if (!/^[^/]+\/[^/]+\/[^/]+\/load\.json$/.test(key)) continue
    const object = await store.get(key)
    if (!object) continue
    const parsed = Recorded.safeParse(JSON.parse(object.body.toString('utf8')))
    if (!parsed.success)
      throw new OperatorError(`${key} is not a record of a load; restore it before loading anything.`)
    const { seal, ...record } = parsed.data
    records.push({ ...record, ...(seal ? { seal } : {}) })
  }
  return records
}

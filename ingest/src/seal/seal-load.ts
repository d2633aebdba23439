import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { groupsOf } from '@muniment/archive/seals/descriptions'
import { classOf, type SealedColumn } from '@muniment/archive/seals/encoding'
import {
  type SealedObject,
  type SealReference,
  sealFiles,
  sealGroupsKey,
  sealLoad,
  sealObject,
} from '@muniment/archive/seals/seal'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { sha256Of } from '../delivery/sha256.ts'
import type { LoadedObject } from '../load/ledger.ts'
import { openSession, type Session } from '../tables/session.ts'
import { list } from '../tables/sql.ts'
import { groupRoots } from './group-roots.ts'
import { createHashPool } from './hash-pool.ts'
import { sealSecret } from './secrets.ts'

/** As DuckDB writes them unless told otherwise; for an object without rows. */
const USUAL_GROUP = 8192

export interface SealLoadOptions {
  home: string
  store: ObjectStore
  application: Application
  load: string
  /** For what DuckDB spills. */
  staging: string
  /** In place, those of a table in the order of their rows. */
  objects: LoadedObject[]
  /** Key of the load's report, in place. */
  report: string
  memoryBytes?: number
  threads?: number
}

/** Puts an object in place of one that an attempt before this one left: nothing names it yet. */
async function putUnnamed(store: ObjectStore, key: string, body: Buffer | string) {
  const there = await store.get(key)
  if (there && Buffer.from(body).equals(there.body)) return
  if (there) await store.remove(key, there.etag)
  try {
    await store.create(key, body)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    throw new OperatorError(`${key} was written by somebody else; nothing of this load is visible.`, { cause: error })
  }
}

async function groupSizes(session: Session, paths: string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (let at = 0; at < paths.length; at += 100) {
    const rows = await session.rows(
      `SELECT file_name, max(row_group_num_rows) AS size FROM parquet_metadata([${list(paths.slice(at, at + 100))}]) GROUP BY ALL`,
    )
    for (const { file_name, size } of rows) found.set(file_name ?? '', Number(size))
  }
  return found
}

/**
 * Seals what a load has put in place: hashes every row as it stands there, and keeps the roots. Gives what the load's record is to say
 * of it. Can be repeated: the same objects, report and secret give the same seal.
 */
export async function sealPlaced(options: SealLoadOptions): Promise<SealReference> {
  const { home, store, application, load, objects } = options
  const secret = await sealSecret(home, application.name, load)
  const session = await openSession(options.staging, options)
  const pool = createHashPool()
  try {
    const sizes = await groupSizes(
      session,
      objects.map(({ key }) => join(home, key)),
    )
    const next = new Map<string, number>()
    const sealed: SealedObject[] = []
    for (const { key, table, rows, sha256, partition } of objects) {
      const columns = application.tables
        .find(({ name }) => name === table)
        ?.columns.map(({ name, type, sensitivity }): SealedColumn => [name, type, classOf(sensitivity)])
      if (!columns) throw new OperatorError(`The model knows no table ${table}.`)
      const path = join(home, key)
      const firstRow = next.get(table) ?? 0
      next.set(table, firstRow + rows)
      const groupRows = sizes.get(path) || USUAL_GROUP
      const about = {
        application: application.name,
        load,
        table,
        object: key,
        sha256,
        firstRow,
        rows,
        groupRows,
        columns,
      }
      const roots = await groupRoots({ session, pool, secret }, about, { path, partition })
      const groups = Array.from({ length: groupsOf(about) }, (_, group) => roots.get(group))
      const total = groups.reduce((sum, group) => sum + (group?.rows ?? 0), 0)
      if (total !== rows)
        throw new OperatorError(`${key} has ${total} of its ${rows} rows; nothing of this load is visible.`)
      sealed.push(
        sealObject(
          about,
          groups.flatMap((group) => (group ? [group.root] : [])),
        ),
      )
    }
    // As it stands: an attempt before this one may have left its own.
    const report = await sha256Of(join(home, options.report))
    const seal = sealLoad({ application: application.name, load, report, objects: sealed.length }, sealed)
    const files = sealFiles(seal)
    await putUnnamed(store, sealGroupsKey(application.name, load), files.groups)
    await putUnnamed(store, files.reference.key, files.seal)
    return files.reference
  } finally {
    await pool.close()
    session.close()
  }
}

import { translate } from '../dialect/translate.ts'
import type { Job } from '../pool/messages.ts'
import type { ApplicationDatabase } from './application-database.ts'

export interface Translated {
  sql: string
  tables: string[]
  /** Compressed bytes of the columns named, in all objects of their tables. */
  bytesAtMost: number
}

const remembered = 500

/** The statement as DuckDB is to run it. Templates give the same few texts over and over, so it is remembered for a version of the catalog. */
export async function translated(database: ApplicationDatabase, job: Job, limit?: number): Promise<Translated> {
  const key = JSON.stringify([job.sql, job.values.map((value) => value.type), limit])
  const known = database.remembered.get(key)
  if (known) return known
  const made = await translate(database.connection, job, database.setup, limit)
  if (database.remembered.size >= remembered) database.remembered.clear()
  database.remembered.set(key, made)
  return made
}

import type { DestroyedKeys } from '@muniment/archive/destroyed/destroyed-keys'
import type { Table } from '@muniment/archive/model/types'
import { canonical, objectRelation } from '../seal/encoded-rows.ts'
import type { Finding } from '../tables/findings.ts'
import type { Session } from '../tables/session.ts'
import type { StagedFile } from './place.ts'
import { findingAbout, type SourceJob } from './source.ts'

/** Rows that a delivery brings back although they were certified destroyed: refused, and nothing but their number is told. */
export async function checkDestroyed(
  session: Session,
  job: SourceJob,
  files: readonly StagedFile[],
  destroyed: DestroyedKeys,
): Promise<Finding[]> {
  const { table } = job
  if (!destroyed.tables.has(table.name)) return []
  const runs = new Set<string>()
  let count = 0
  const columns = keyColumns(table)
  const texts = columns.map(({ name, type }, index) => `${canonical(name, type)} AS k${index}`)
  for (const { path, partition } of files)
    await session.each(`SELECT ${texts.join(', ')} FROM ${objectRelation(path, partition)}`, (row) => {
      const key = columns.map((_, index) => row[`k${index}`])
      const found = key.every((text) => typeof text === 'string')
        ? destroyed.find(table.name, key as string[])
        : undefined
      if (!found) return
      count++
      runs.add(found.run)
    })
  if (count === 0) return []
  const message = `${count} records have keys that were destroyed and certified so (${[...runs].sort().join(', ')}): deliver without them`
  return [{ ...findingAbout(job, 'destroyed', message), columns: [...table.primaryKey], count }]
}

const keyColumns = (table: Table) =>
  table.primaryKey.map((name) => ({
    name,
    type: table.columns.find((column) => column.name === name)?.type ?? 'varchar',
  }))

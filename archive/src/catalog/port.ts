/** What exists in the archive: tables, their columns as the files say, and the objects they consist of. */
import type { ColumnType } from '../model/types.ts'

export interface CatalogObject {
  key: string
  etag: string
  /** Bytes. */
  size: number
  rows: number
  /** Partition values by column, as text. */
  partition: Record<string, string>
  load: string
}

export interface CatalogTable {
  name: string
  domain: string
  columns: { name: string; type: ColumnType /** Compressed bytes over all objects. */; bytes: number }[]
  partitionBy: string[]
  objects: CatalogObject[]
  rows: number
  bytes: number
  /** Objects that a load wrote are gone or were altered and are left out: answers may lack rows. Absent where the table is whole. */
  incomplete?: true
}

export interface CatalogSnapshot {
  application: string
  /** Changes whenever anything below changes. */
  version: string
  crawled: string
  tables: CatalogTable[]
}

/** What the files say against what the model says. */
export interface Drift {
  table: string
  column?: string
  kind:
    | 'missing-table'
    | 'extra-table'
    | 'missing-column'
    | 'extra-column'
    | 'retyped-column'
    | 'unexplained-object'
    | 'missing-object'
    /** Of Glue: objects that Athena cannot find, or folders that it looks into for nothing. */
    | 'missing-partition'
    | 'extra-partition'
    /** Not amiss: the columns are others than at the crawl before. */
    | 'changed-columns'
  message: string
}

export interface Catalog {
  /** Undefined before anything was crawled. */
  read(application: string): Promise<CatalogSnapshot | undefined>
  /** Reads the footers of every object that the ledger of loads names, and stores the outcome. */
  crawl(application: string): Promise<{ snapshot: CatalogSnapshot; drift: Drift[] }>
}

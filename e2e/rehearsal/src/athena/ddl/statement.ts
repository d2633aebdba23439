export interface TableName {
  /** Undefined: the one of the execution context. */
  readonly database?: string
  readonly table: string
}

export interface HiveColumn {
  readonly name: string
  /** In Hive's words: `string`, `array<int>`. */
  readonly type: string
  readonly comment?: string
}

/** One partition's keys with their values, as written. */
export type PartitionSpec = readonly { readonly key: string; readonly value: string }[]

export interface CreateTable extends TableName {
  readonly kind: 'createTable'
  readonly ifNotExists: boolean
  readonly columns: readonly HiveColumn[]
  readonly partitionedBy: readonly HiveColumn[]
  readonly comment?: string
  readonly serde?: string
  readonly serdeProperties: Readonly<Record<string, string>>
  readonly fieldsTerminatedBy?: string
  /** `PARQUET`, `TEXTFILE` ... */
  readonly storedAs: string
  readonly location: string
  readonly properties: Readonly<Record<string, string>>
}

/** Statements in Hive's dialect, which the service answers from the Data Catalog without its engine. */
export type DdlStatement =
  | {
      readonly kind: 'createDatabase'
      readonly name: string
      readonly ifNotExists: boolean
      readonly location?: string
      readonly comment?: string
    }
  | { readonly kind: 'dropDatabase'; readonly name: string; readonly ifExists: boolean; readonly cascade: boolean }
  | CreateTable
  | ({ readonly kind: 'dropTable'; readonly ifExists: boolean } & TableName)
  | ({
      readonly kind: 'addPartitions'
      readonly ifNotExists: boolean
      readonly partitions: readonly { readonly spec: PartitionSpec; readonly location?: string }[]
    } & TableName)
  | ({
      readonly kind: 'dropPartitions'
      readonly ifExists: boolean
      readonly specs: readonly PartitionSpec[]
    } & TableName)
  | ({ readonly kind: 'repairTable' } & TableName)
  | { readonly kind: 'showDatabases'; readonly like?: string }
  | { readonly kind: 'showTables'; readonly database?: string; readonly like?: string }
  | ({ readonly kind: 'showPartitions' } & TableName)
  | ({ readonly kind: 'describe'; readonly formatted: boolean } & TableName)

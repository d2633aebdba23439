import type { Column, Table } from '@aws-sdk/client-glue'
import type { DataCatalog } from '../data-catalog.ts'
import { refused } from '../failures.ts'
import type { ResultStore } from '../result-store.ts'
import { addPartitions, dropPartitions, partitionName, repairTable } from './partitions.ts'
import type { DdlStatement, TableName } from './statement.ts'
import { glueColumn, storageOf } from './storage.ts'

export interface TextResult {
  readonly columns: readonly string[]
  readonly lines: readonly string[]
}

const nothing: TextResult = { columns: [], lines: [] }

/** Carries out a statement of Hive's dialect against the catalog. Throws QueryFailure. */
export async function runDdl(
  catalog: DataCatalog,
  store: ResultStore,
  ddl: DdlStatement,
  current: string,
): Promise<TextResult> {
  const databaseOf = ({ database }: { database?: string }) => database ?? current
  switch (ddl.kind) {
    case 'createDatabase':
      if (!(await catalog.database(ddl.name))) await catalog.createDatabase(ddl.name, ddl)
      else if (!ddl.ifNotExists) throw ddlFailed(`AlreadyExistsException(message:Database ${ddl.name} already exists)`)
      return nothing
    case 'dropDatabase':
      return dropDatabase(catalog, ddl)
    case 'createTable': {
      const database = databaseOf(ddl)
      if (await catalog.table(database, ddl.table)) {
        if (ddl.ifNotExists) return nothing
        throw ddlFailed(`AlreadyExistsException(message:Table ${ddl.table} already exists)`)
      }
      await catalog.createTable(database, {
        Name: ddl.table,
        TableType: 'EXTERNAL_TABLE',
        ...(ddl.comment === undefined ? {} : { Description: ddl.comment }),
        PartitionKeys: ddl.partitionedBy.map(glueColumn),
        Parameters: { EXTERNAL: 'TRUE', ...ddl.properties },
        StorageDescriptor: storageOf(ddl),
      })
      return nothing
    }
    case 'dropTable':
      if (await catalog.table(databaseOf(ddl), ddl.table)) await catalog.dropTable(databaseOf(ddl), ddl.table)
      else if (!ddl.ifExists) throw tableNotFound(databaseOf(ddl), ddl)
      return nothing
    case 'addPartitions':
      await addPartitions(catalog, databaseOf(ddl), await tableOf(catalog, databaseOf(ddl), ddl), ddl)
      return nothing
    case 'dropPartitions':
      await dropPartitions(catalog, databaseOf(ddl), await tableOf(catalog, databaseOf(ddl), ddl), ddl)
      return nothing
    case 'repairTable':
      return {
        columns: [],
        lines: await repairTable(catalog, store, databaseOf(ddl), await tableOf(catalog, databaseOf(ddl), ddl)),
      }
    case 'showDatabases':
      return list(
        'database_name',
        (await catalog.databases()).map(({ Name }) => Name ?? ''),
        ddl.like,
      )
    case 'showTables':
      return list(
        'tab_name',
        (await catalog.tables(databaseOf(ddl))).map(({ Name }) => Name ?? ''),
        ddl.like,
      )
    case 'showPartitions': {
      const table = await tableOf(catalog, databaseOf(ddl), ddl)
      const partitions = await catalog.partitions(databaseOf(ddl), ddl.table)
      return list(
        'partition',
        partitions.map(({ Values }) => partitionName(table, Values ?? [])),
      )
    }
    case 'describe':
      return describe(await tableOf(catalog, databaseOf(ddl), ddl))
  }
}

async function dropDatabase(
  catalog: DataCatalog,
  ddl: Extract<DdlStatement, { kind: 'dropDatabase' }>,
): Promise<TextResult> {
  if (!(await catalog.database(ddl.name))) {
    if (ddl.ifExists) return nothing
    throw ddlFailed(`SemanticException [Error 10072]: Database does not exist: ${ddl.name}`)
  }
  const tables = await catalog.tables(ddl.name)
  if (tables.length > 0 && !ddl.cascade) {
    throw ddlFailed(`InvalidOperationException(message:Database ${ddl.name} is not empty. One or more tables exist.)`)
  }
  for (const { Name } of tables) await catalog.dropTable(ddl.name, Name ?? '')
  await catalog.dropDatabase(ddl.name)
  return nothing
}

const ddlFailed = (words: string) =>
  refused(`FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ${words}`, 1003)

const tableNotFound = (database: string, { table }: TableName) =>
  refused(`FAILED: SemanticException [Error 10001]: Table not found ${database}.${table}`, 1110)

async function tableOf(catalog: DataCatalog, database: string, name: TableName): Promise<Table> {
  const table = await catalog.table(database, name.table)
  if (!table) throw tableNotFound(database, name)
  return table
}

/** `like` is Hive's: `*` for anything, `|` between alternatives. */
function list(column: string, names: readonly string[], like?: string): TextResult {
  const escaped = like
    ?.replace(/[.+?^${}()[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '.*')
  const fits = escaped === undefined ? () => true : (name: string) => new RegExp(`^(${escaped})$`, 'i').test(name)
  return { columns: [column], lines: names.filter(fits).sort() }
}

const padded = (text: string) => text.padEnd(20)
const described = ({ Name, Type, Comment }: Column) => [Name ?? '', Type ?? '', Comment ?? ''].map(padded).join('\t')

/** As Hive prints it: three padded fields a line, the partition keys once more below. */
function describe({ StorageDescriptor, PartitionKeys }: Table): TextResult {
  const keys = PartitionKeys ?? []
  const lines = [...(StorageDescriptor?.Columns ?? []), ...keys].map(described)
  if (keys.length > 0) {
    const title = ['# col_name', 'data_type', 'comment'].map(padded).join('\t')
    lines.push('\t \t ', '# Partition Information\t \t ', title, '\t \t ', ...keys.map(described))
  }
  return { columns: ['col_name', 'data_type', 'comment'], lines }
}

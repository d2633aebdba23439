import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  type GlueClient,
  type PartitionInput,
  type StorageDescriptor,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import { OperatorError } from '../../errors.ts'
import { tablePrefix } from '../../layout.ts'
import type { CatalogTable } from '../port.ts'
import { askGlue, glueErrorName, type Patience } from './ask-glue.ts'
import { type GlueTable, gluePartitions, glueTables } from './glue-tables.ts'
import { glueType } from './glue-types.ts'
import { partitionFolders, partitionName } from './partition-folders.ts'
import type { TableCrawler } from './port.ts'

export interface TablesInGlueOptions {
  glue: GlueClient
  records: string
  database: (application: string) => string
  patience?: Patience
}

/** As many as Glue takes in one call. */
const BATCH = 100

const parquet = 'org.apache.hadoop.hive.ql.io.parquet'

/** In order, with what Glue has and the footers no longer: a crawler adds columns and takes none away. */
function columnsOf(table: CatalogTable, before: GlueTable | undefined) {
  const found = table.columns.flatMap(({ name, type }) => {
    const inGlue = table.partitionBy.includes(name) ? undefined : glueType(type)
    return inGlue === undefined ? [] : [{ Name: name, Type: inGlue }]
  })
  const types = new Map(found.map((column) => [column.Name, column]))
  const kept = (before?.columns ?? []).map(({ name, type }) => types.get(name) ?? { Name: name, Type: type })
  const names = new Set(kept.map(({ Name }) => Name))
  return [...kept, ...found.filter(({ Name }) => !names.has(Name))]
}

const storageAt = (location: string, columns: { Name: string; Type: string }[]): StorageDescriptor => ({
  Location: location,
  InputFormat: `${parquet}.MapredParquetInputFormat`,
  OutputFormat: `${parquet}.MapredParquetOutputFormat`,
  SerdeInfo: {
    SerializationLibrary: `${parquet}.serde.ParquetHiveSerDe`,
    Parameters: { 'serialization.format': '1' },
  },
  Columns: columns,
})

const sameColumns = (one: { Name?: string | undefined; Type?: string | undefined }[] = [], other: typeof one = []) =>
  one.length === other.length &&
  one.every(({ Name, Type }, index) => Name === other[index]?.Name && Type === other[index]?.Type)

/**
 * Our own crawler, for where Glue has none that crawl: writes tables and partitions from the footers as Glue's crawler writes them. What is
 * there already and the same is left; partitions of which nothing is there any more stay, as with a crawler that only logs deletions.
 */
export function createTablesInGlue({ glue, records, database, patience }: TablesInGlueOptions): TableCrawler {
  async function writeTable(DatabaseName: string, application: string, table: CatalogTable, before?: GlueTable) {
    const location = `${records}${tablePrefix(application, table.domain, table.name)}`
    const columns = columnsOf(table, before)
    const TableInput: TableInput = {
      Name: table.name,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', typeOfData: 'file' },
      PartitionKeys: table.partitionBy.map((name) => ({ Name: name, Type: 'string' })),
      StorageDescriptor: storageAt(location, columns),
    }
    const command = { DatabaseName, TableInput }
    const said = before?.columns.map(({ name, type }) => ({ Name: name, Type: type }))
    if (!before)
      await askGlue('glue:CreateTable', () => glue.send(new CreateTableCommand(command)), patience, [
        'AlreadyExistsException',
      ]).catch(unlessThere)
    else if (!sameColumns(said, columns) || before.location !== location)
      await askGlue('glue:UpdateTable', () => glue.send(new UpdateTableCommand(command)), patience)
    return columns
  }

  async function writePartitions(DatabaseName: string, table: CatalogTable, columns: { Name: string; Type: string }[]) {
    const lacking = partitionFolders(table)
    const other: PartitionInput[] = []
    const inputOf = (values: string[], folder: string): PartitionInput => ({
      Values: values,
      StorageDescriptor: storageAt(`${records}${folder}`, columns),
      Parameters: { classification: 'parquet' },
    })
    const target = { database: DatabaseName, table: table.name, columns: true }
    for await (const { values, location, storage } of gluePartitions(glue, target, patience)) {
      const expected = lacking.get(partitionName(values))
      if (!expected) continue
      lacking.delete(partitionName(values))
      if (location !== `${records}${expected.folder}` || !sameColumns(storage.Columns, columns))
        other.push(inputOf(values, expected.folder))
    }
    for (const PartitionInputList of batches([...lacking.values()])) {
      const PartitionInputs = PartitionInputList.map(({ values, folder }) => inputOf(values, folder))
      const command = { DatabaseName, TableName: table.name, PartitionInputList: PartitionInputs }
      const { Errors = [] } = await askGlue(
        'glue:BatchCreatePartition',
        () => glue.send(new BatchCreatePartitionCommand(command)),
        patience,
      )
      refused(table.name, Errors, 'AlreadyExistsException')
    }
    for (const some of batches(other)) {
      const Entries = some.map((PartitionInput) => ({
        PartitionValueList: PartitionInput.Values ?? [],
        PartitionInput,
      }))
      const command = { DatabaseName, TableName: table.name, Entries }
      const { Errors = [] } = await askGlue(
        'glue:BatchUpdatePartition',
        () => glue.send(new BatchUpdatePartitionCommand(command)),
        patience,
      )
      refused(table.name, Errors)
    }
  }

  return {
    async crawl(application, tables) {
      const DatabaseName = database(application)
      await askGlue(
        'glue:CreateDatabase',
        () => glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName } })),
        patience,
        ['AlreadyExistsException'],
      ).catch(unlessThere)
      const known = new Map<string, GlueTable>()
      for await (const table of glueTables(glue, DatabaseName, patience)) known.set(table.name, table)
      for (const table of tables) {
        const columns = await writeTable(DatabaseName, application, table, known.get(table.name))
        if (table.partitionBy.length > 0) await writePartitions(DatabaseName, table, columns)
      }
    },
  }
}

function unlessThere(error: unknown): void {
  if (glueErrorName(error) !== 'AlreadyExistsException') throw error
}

function* batches<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH)
}

interface PartitionFailure {
  PartitionValues?: string[] | undefined
  PartitionValueList?: string[] | undefined
  ErrorDetail?: { ErrorCode?: string | undefined; ErrorMessage?: string | undefined } | undefined
}

function refused(table: string, errors: readonly PartitionFailure[], harmless?: string): void {
  const first = errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== harmless)
  if (!first) return
  const values = (first.PartitionValues ?? first.PartitionValueList ?? []).join('/')
  const { ErrorCode = 'an error', ErrorMessage = '' } = first.ErrorDetail ?? {}
  throw new OperatorError(`Glue does not take the partition ${values} of ${table}: ${ErrorCode} ${ErrorMessage}`.trim())
}

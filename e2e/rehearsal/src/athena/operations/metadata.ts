import type { Column, Database, Table } from '@aws-sdk/client-glue'
import type { DataCatalog } from '../data-catalog.ts'
import { invalid, ServiceError } from '../errors.ts'
import { type Paging, pageOf } from './paging.ts'

interface Input extends Paging {
  readonly CatalogName?: string
  readonly DatabaseName?: string
  readonly TableName?: string
  readonly Expression?: string
  readonly Name?: string
}

const ours = 'AwsDataCatalog'

/** Athena's view of the Data Catalog, for clients that don't ask Glue. */
export function metadataOperations(catalog: DataCatalog) {
  const checkCatalog = (name: string | undefined) => {
    if (name?.toLowerCase() !== ours.toLowerCase()) throw invalid(`Catalog ${name} is not found.`)
  }
  const absent = (what: string) =>
    new ServiceError(
      'MetadataException',
      `EntityNotFoundException: Entity Not Found: ${what} (Service: AWSGlue; Status Code: 400)`,
    )

  const databaseOf = async (name = '') => {
    const found = await catalog.database(name)
    if (!found) throw absent(name)
    return found
  }

  return {
    async ListDataCatalogs(paging: Paging) {
      const { items, next } = pageOf([{ CatalogName: ours, Type: 'GLUE' }], paging, 50)
      return { DataCatalogsSummary: items, ...next }
    },
    async GetDataCatalog({ Name: name }: Input) {
      checkCatalog(name)
      return { DataCatalog: { Name: ours, Type: 'GLUE', Parameters: {} } }
    },
    async ListDatabases({ CatalogName: name, ...paging }: Input) {
      checkCatalog(name)
      const { items, next } = pageOf(await catalog.databases(), paging, 50)
      return { DatabaseList: items.map(describeDatabase), ...next }
    },
    async GetDatabase({ CatalogName: name, DatabaseName: database }: Input) {
      checkCatalog(name)
      return { Database: describeDatabase(await databaseOf(database)) }
    },
    async ListTableMetadata({ CatalogName: name, DatabaseName: database, Expression: expression, ...paging }: Input) {
      checkCatalog(name)
      await databaseOf(database)
      const fits =
        expression === undefined ? () => true : (table: Table) => new RegExp(`^${expression}$`).test(table.Name ?? '')
      const { items, next } = pageOf((await catalog.tables(database ?? '')).filter(fits), paging, 50)
      return { TableMetadataList: items.map(describeTable), ...next }
    },
    async GetTableMetadata({ CatalogName: name, DatabaseName: database, TableName: table }: Input) {
      checkCatalog(name)
      await databaseOf(database)
      const found = await catalog.table(database ?? '', table ?? '')
      if (!found) throw absent(`Table ${table} not found`)
      return { TableMetadata: describeTable(found) }
    },
  }
}

const describeDatabase = ({ Name, Description, Parameters }: Database) => ({
  Name,
  ...(Description === undefined ? {} : { Description }),
  ...(Parameters === undefined ? {} : { Parameters }),
})

const describeColumn = ({ Name, Type, Comment }: Column) => ({
  Name,
  Type,
  ...(Comment === undefined ? {} : { Comment }),
})

const describeTable = ({
  Name,
  CreateTime,
  LastAccessTime,
  TableType,
  StorageDescriptor,
  PartitionKeys,
  Parameters,
}: Table) => ({
  Name,
  CreateTime,
  LastAccessTime,
  TableType,
  Columns: (StorageDescriptor?.Columns ?? []).map(describeColumn),
  PartitionKeys: (PartitionKeys ?? []).map(describeColumn),
  Parameters: {
    ...Parameters,
    ...(StorageDescriptor?.InputFormat ? { inputformat: StorageDescriptor.InputFormat } : {}),
    ...(StorageDescriptor?.OutputFormat ? { outputformat: StorageDescriptor.OutputFormat } : {}),
    ...(StorageDescriptor?.Location ? { location: StorageDescriptor.Location } : {}),
    ...(StorageDescriptor?.SerdeInfo?.SerializationLibrary
      ? { 'serde.serialization.lib': StorageDescriptor.SerdeInfo.SerializationLibrary }
      : {}),
  },
})

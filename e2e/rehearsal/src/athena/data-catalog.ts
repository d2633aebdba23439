import {
  BatchCreatePartitionCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  type Database,
  DeleteDatabaseCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type GlueClientConfig,
  type Partition,
  type PartitionInput,
  paginateGetDatabases,
  paginateGetTables,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'

/** The Glue Data Catalog, as far as statements and metadata operations need it. */
export interface DataCatalog {
  databases(): Promise<Database[]>
  database(name: string): Promise<Database | undefined>
  createDatabase(name: string, more: { comment?: string; location?: string }): Promise<void>
  dropDatabase(name: string): Promise<void>
  tables(database: string): Promise<Table[]>
  table(database: string, name: string): Promise<Table | undefined>
  createTable(database: string, table: TableInput): Promise<void>
  dropTable(database: string, name: string): Promise<void>
  /**
   * Describes a view as one. Glue tells no description where none was given, MiniStack an empty one, which the engine
   * takes for the comment by which it knows its views.
   */
  markView(database: string, name: string): Promise<void>
  partitions(database: string, table: string): Promise<Partition[]>
  /** Those that are there already are left as they are, and named. */
  addPartitions(database: string, table: string, partitions: PartitionInput[]): Promise<string[][]>
  dropPartition(database: string, table: string, values: string[]): Promise<boolean>
}

const mostPartitionsACall = 100

export function createDataCatalog(config: GlueClientConfig): DataCatalog {
  const glue = new GlueClient(config)
  return {
    async databases() {
      const found: Database[] = []
      for await (const page of paginateGetDatabases({ client: glue }, {})) found.push(...(page.DatabaseList ?? []))
      return found
    },
    database: async (name) => (await orAbsent(glue.send(new GetDatabaseCommand({ Name: name }))))?.Database,
    async createDatabase(name, { comment, location }) {
      const input = {
        Name: name,
        ...(comment ? { Description: comment } : {}),
        ...(location ? { LocationUri: location } : {}),
      }
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: input }))
    },
    async dropDatabase(name) {
      await glue.send(new DeleteDatabaseCommand({ Name: name }))
    },
    async tables(database) {
      const found: Table[] = []
      for await (const page of paginateGetTables({ client: glue }, { DatabaseName: database })) {
        found.push(...(page.TableList ?? []))
      }
      return found
    },
    table: async (database, name) =>
      (await orAbsent(glue.send(new GetTableCommand({ DatabaseName: database, Name: name }))))?.Table,
    async createTable(database, table) {
      await glue.send(new CreateTableCommand({ DatabaseName: database, TableInput: table }))
    },
    async dropTable(database, name) {
      await glue.send(new DeleteTableCommand({ DatabaseName: database, Name: name }))
    },
    async markView(database, name) {
      const table = await this.table(database, name)
      if (!table) return
      const input: TableInput = {
        Name: name,
        Description: 'Presto View',
        ...(table.Owner === undefined ? {} : { Owner: table.Owner }),
        ...(table.StorageDescriptor ? { StorageDescriptor: table.StorageDescriptor } : {}),
        ...(table.ViewOriginalText === undefined ? {} : { ViewOriginalText: table.ViewOriginalText }),
        ...(table.ViewExpandedText === undefined ? {} : { ViewExpandedText: table.ViewExpandedText }),
        ...(table.TableType === undefined ? {} : { TableType: table.TableType }),
        ...(table.Parameters ? { Parameters: table.Parameters } : {}),
      }
      await glue.send(new UpdateTableCommand({ DatabaseName: database, TableInput: input }))
    },
    async partitions(database, table) {
      const found: Partition[] = []
      let token: string | undefined
      do {
        const page = await glue.send(
          new GetPartitionsCommand({
            DatabaseName: database,
            TableName: table,
            ...(token ? { NextToken: token } : {}),
          }),
        )
        found.push(...(page.Partitions ?? []))
        token = page.NextToken
      } while (token)
      return found
    },
    async addPartitions(database, table, partitions) {
      const there: string[][] = []
      for (let at = 0; at < partitions.length; at += mostPartitionsACall) {
        const reply = await glue.send(
          new BatchCreatePartitionCommand({
            DatabaseName: database,
            TableName: table,
            PartitionInputList: partitions.slice(at, at + mostPartitionsACall),
          }),
        )
        for (const { PartitionValues, ErrorDetail } of reply.Errors ?? []) {
          if (ErrorDetail?.ErrorCode !== 'AlreadyExistsException')
            throw new Error(ErrorDetail?.ErrorMessage ?? 'Glue refused a partition')
          there.push(PartitionValues ?? [])
        }
      }
      return there
    },
    dropPartition: async (database, table, values) =>
      (await orAbsent(
        glue.send(new DeletePartitionCommand({ DatabaseName: database, TableName: table, PartitionValues: values })),
      )) !== undefined,
  }
}

async function orAbsent<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply
  } catch (error) {
    if (error instanceof Error && error.name === 'EntityNotFoundException') return undefined
    throw error
  }
}

import { createReadStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  BatchCreatePartitionCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  GlueClient,
} from '@aws-sdk/client-glue'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { CatalogSnapshot, CatalogTable } from '@muniment/archive/catalog/port'
import { ownerAt } from '../stand-ins.ts'

export interface LoadedSample {
  readonly bucket: string
  readonly database: string
  readonly tables: number
  readonly objects: number
  readonly bytes: number
}

const parquet = 'org.apache.hadoop.hive.ql.io.parquet'

/** Puts the records of a data folder, all or those of `only` these tables, into S3 and what its catalog says of them into Glue. */
export async function loadSample(
  aws: string,
  home: string,
  application = 'pas',
  bucket = 'muniment-sample',
  only?: readonly string[],
): Promise<LoadedSample> {
  const s3 = new S3Client({ ...ownerAt(aws), forcePathStyle: true })
  const glue = new GlueClient(ownerAt(aws))
  const snapshot = JSON.parse(readFileSync(join(home, 'catalog', `${application}.json`), 'utf8')) as CatalogSnapshot
  const tables = snapshot.tables.filter(({ name }) => only?.includes(name) ?? true)

  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: application } }))
  const objects = tables.flatMap((table) => table.objects)
  for (const { key, size } of objects) {
    const file = join(home, key)
    if (statSync(file).size !== size)
      throw new Error(`${key} is not as its catalog says: remove ${home} and begin again.`)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }))
  }
  for (const table of tables) await createTable(glue, application, bucket, table)
  return {
    bucket,
    database: application,
    tables: tables.length,
    objects: objects.length,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
  }
}

async function createTable(glue: GlueClient, database: string, bucket: string, table: CatalogTable): Promise<void> {
  const location = `s3://${bucket}/archive/${database}/${table.domain}/${table.name}/`
  const storage = {
    Location: location,
    InputFormat: `${parquet}.MapredParquetInputFormat`,
    OutputFormat: `${parquet}.MapredParquetOutputFormat`,
    SerdeInfo: {
      SerializationLibrary: `${parquet}.serde.ParquetHiveSerDe`,
      Parameters: { 'serialization.format': '1' },
    },
    Columns: table.columns.filter(({ name }) => !table.partitionBy.includes(name)).map(glueColumn),
  }
  await glue.send(
    new CreateTableCommand({
      DatabaseName: database,
      TableInput: {
        Name: table.name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
        PartitionKeys: table.columns.filter(({ name }) => table.partitionBy.includes(name)).map(glueColumn),
        StorageDescriptor: storage,
      },
    }),
  )
  const folders = new Set(table.objects.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1)))
  if (table.partitionBy.length === 0) return
  await glue.send(
    new BatchCreatePartitionCommand({
      DatabaseName: database,
      TableName: table.name,
      PartitionInputList: [...folders].map((folder) => {
        const object = table.objects.find(({ key }) => key.startsWith(folder))
        return {
          Values: table.partitionBy.map((name) => object?.partition[name] ?? ''),
          StorageDescriptor: { ...storage, Location: `s3://${bucket}/${folder}` },
        }
      }),
    }),
  )
}

const hiveTypes: Record<string, string> = { varchar: 'string', integer: 'int' }

const glueColumn = ({ name, type }: CatalogTable['columns'][number]) => ({ Name: name, Type: hiveTypes[type] ?? type })

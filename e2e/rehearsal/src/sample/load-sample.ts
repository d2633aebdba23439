import { createReadStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { GlueClient } from '@aws-sdk/client-glue'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createTablesInGlue } from '@muniment/archive/catalog/glue/tables-in-glue'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { ownerAt } from '../stand-ins.ts'

export interface LoadedSample {
  readonly bucket: string
  readonly database: string
  readonly tables: number
  readonly objects: number
  readonly bytes: number
}

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
  const objects = tables.flatMap((table) => table.objects)
  for (const { key, size } of objects) {
    const file = join(home, key)
    if (statSync(file).size !== size)
      throw new Error(`${key} is not as its catalog says: remove ${home} and begin again.`)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }))
  }
  const crawler = createTablesInGlue({ glue, records: `s3://${bucket}/`, database: (name) => name })
  await crawler.crawl(application, tables)
  return {
    bucket,
    database: application,
    tables: tables.length,
    objects: objects.length,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
  }
}

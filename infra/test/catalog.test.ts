import { loadApplication } from '@muniment/archive/model/load'
import { describe, expect, it } from 'vitest'
import { templatesRoot } from '../src/paths.ts'
import { synthesiseDemo, text } from './support/synthesised.ts'

const { ofType, first } = await synthesiseDemo()
const crawlers = ofType('AWS::Glue::Crawler').map(({ Properties }) => Properties)

describe('crawlers', () => {
  it('are one for each table of each model, on its one prefix', async () => {
    const expected = (
      await Promise.all(['pas', 'nycflights'].map((name) => loadApplication(templatesRoot, name)))
    ).flatMap(({ name, tables }) => tables.map((table) => `archive/${name}/${table.domain}/${table.name}/`))
    const targets = crawlers.map(({ Targets }) => (Targets as { S3Targets: { Path: unknown }[] }).S3Targets)
    for (const all of targets) expect(all).toHaveLength(1)
    const paths = targets.map(([target]) => text(target?.Path).replace(/^s3:\/\/\$\{[^}]*StorageArchive[^}]*\}\//, ''))
    expect(paths.sort()).toEqual(expected.sort())
    expect(paths.length).toBeGreaterThan(30)
  })

  it('name the table by its folder, add columns, and remove nothing', () => {
    for (const { Configuration, SchemaChangePolicy } of crawlers) {
      expect(SchemaChangePolicy).toEqual({ UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' })
      expect(JSON.parse(String(Configuration))).toEqual({
        Version: 1,
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: 5 },
        CrawlerOutput: {
          Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
          Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
        },
      })
    }
  })

  it('run when they are started, not by the clock', () => {
    expect(crawlers.filter(({ Schedule }) => Schedule !== undefined)).toEqual([])
  })
})

describe('the workgroup', () => {
  it('decides for its clients: where results go, how they are encrypted, how much a query may scan', () => {
    const { WorkGroupConfiguration: made } = first('AWS::Athena::WorkGroup').Properties as {
      WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: unknown; EncryptionConfiguration: unknown } }
    }
    expect(made).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      BytesScannedCutoffPerQuery: 10_000_000_000,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
    })
    expect(text(made.ResultConfiguration.OutputLocation)).toMatch(/^s3:\/\/\$\{StorageArchive\w+\}\/results\/athena\/$/)
  })
})

import { tablePrefix } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import { CfnCrawler, CfnDatabase } from 'aws-cdk-lib/aws-glue'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { allow } from '../grants.ts'
import type { Names } from '../names.ts'
import { ARCHIVE } from '../prefixes.ts'

export interface TableCrawlersProps {
  readonly names: Names
  readonly model: Application
  readonly archive: IBucket
  readonly dataKey: IKey
}

/** Bucket, archive, application, domain, table: the fifth level of a path names the table. */
const TABLE_LEVEL = 5

/** Columns are added and never removed, partitions are as their table is; one folder is one table, whatever its neighbours look like. */
const configuration = JSON.stringify({
  Version: 1,
  Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: TABLE_LEVEL },
  CrawlerOutput: {
    Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
    Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
  },
})

/** A database for an application and a crawler for each of its tables. Loads and destruction runs start them; the clock does not. */
export class TableCrawlers extends Construct {
  readonly crawlerNames: string[] = []

  constructor(scope: Construct, id: string, { names, model, archive, dataKey }: TableCrawlersProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const database = new CfnDatabase(this, 'Database', {
      catalogId: stack.account,
      databaseInput: { name: names.database(model.name), description: model.title },
    })
    const role = this.crawlerRole({ names, model, archive, dataKey })
    for (const table of model.tables) {
      const name = names.crawler(model.name, table.name)
      this.crawlerNames.push(name)
      const crawler = new CfnCrawler(this, `Crawler-${table.name}`, {
        name,
        description: `${model.title}: ${table.title}`.slice(0, 2_000),
        role: role.roleArn,
        databaseName: names.database(model.name),
        targets: {
          s3Targets: [{ path: `s3://${archive.bucketName}/${tablePrefix(model.name, table.domain, table.name)}` }],
        },
        schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
        recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
        configuration,
      })
      Validations.of(crawler).acknowledge({
        id: 'AwsSolutions-GL1',
        reason:
          'Crawlers log names of tables and partitions and no record; CloudWatch encrypts logs at rest with keys of its own.',
      })
      crawler.addResourceDependency(database)
      crawler.node.addDependency(role)
    }
  }

  private crawlerRole({ names, model, archive, dataKey }: TableCrawlersProps): Role {
    const stack = Stack.of(this)
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
      description: `Reads the records of ${model.name} and writes what its tables look like`,
    })
    const database = names.database(model.name)
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) })
    const below = `${ARCHIVE}${model.name}/`
    allow(
      role,
      {
        actions: ['s3:GetObject'],
        resources: [archive.arnForObjects(`${below}*`)],
        because:
          "A crawler reads every object of its application's tables; which ones there are changes with each load.",
      },
      {
        actions: ['s3:ListBucket'],
        resources: [archive.bucketArn],
        conditions: { StringLike: { 's3:prefix': [`${below}*`] } },
      },
      { actions: ['s3:GetBucketLocation'], resources: [archive.bucketArn] },
      { actions: ['kms:Decrypt'], resources: [dataKey.keyArn] },
      {
        actions: [
          'glue:GetDatabase',
          'glue:GetTable',
          'glue:GetTables',
          'glue:CreateTable',
          'glue:UpdateTable',
          'glue:GetPartition',
          'glue:GetPartitions',
          'glue:BatchGetPartition',
          'glue:CreatePartition',
          'glue:BatchCreatePartition',
          'glue:UpdatePartition',
          'glue:BatchUpdatePartition',
        ],
        resources: [glue('catalog'), glue('database', database), glue('table', `${database}/*`)],
        because: 'The database is named; its tables are what the crawlers are there to find.',
      },
      {
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [
          stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '/aws-glue/*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
        because: 'Glue names the log groups and streams of crawlers itself, below this prefix.',
      },
    )
    return role
  }
}

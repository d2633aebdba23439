import type { Application } from '@muniment/archive/model/types'
import { Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { CrawlerFailures } from '../constructs/crawler-failures.ts'
import { TableCrawlers } from '../constructs/table-crawlers.ts'
import type { Names } from '../names.ts'
import type { ArchiveStack } from './archive-stack.ts'

export interface ApplicationStackProps extends StackProps {
  readonly names: Names
  readonly model: Application
  readonly archive: ArchiveStack
}

/** What one application adds. Its own stack: applications come and go, and have many tables. */
export class ApplicationStack extends Stack {
  constructor(scope: Construct, id: string, { names, model, archive, ...props }: ApplicationStackProps) {
    super(scope, id, props)
    const { storage, alerts } = archive
    new TableCrawlers(this, 'Tables', { names, model, archive: storage.archive, dataKey: storage.dataKey })
    new CrawlerFailures(this, 'CrawlerFailures', { crawlers: names.crawler(model.name, ''), alerts })
  }
}

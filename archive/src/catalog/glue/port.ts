import type { CatalogTable } from '../port.ts'

/** What makes Glue know the tables of the bucket: Glue's own crawlers, or ours where there are none. */
export interface TableCrawler {
  /**
   * Resolves once Glue has seen every object that was there when this was called. `tables`: what the footers say. Throws OperatorError
   * that names each table that Glue could not be told of.
   */
  crawl(application: string, tables: readonly CatalogTable[]): Promise<void>
}

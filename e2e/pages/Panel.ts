import { type Download, expect, type Locator, type Page } from '@playwright/test'

/** One part of a result, with its table and its tools. */
export class Panel {
  readonly page: Page
  readonly region: Locator
  readonly table: Locator
  readonly rows: Locator
  readonly jobs: Locator

  constructor(page: Page, title: string) {
    this.page = page
    this.region = page.locator('section.panel').filter({
      has: page.getByRole('heading', { level: 2, name: title, exact: true, includeHidden: true }),
    })
    this.table = this.region.getByRole('table')
    this.rows = this.table.locator('tbody > tr')
    this.jobs = this.region.locator('.job')
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text })
  }

  fact(label: string): Locator {
    return this.region
      .locator('.m-summary__item')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .locator('dd')
  }

  sortButton(label: string): Locator {
    return this.table.locator('thead').getByRole('button', { name: label })
  }

  column(name: string): Locator {
    return this.table.locator(`thead th[data-column="${name}"]`)
  }

  /** What a column reads in each row of the page, from top to bottom. */
  async valuesOf(name: string): Promise<string[]> {
    const at = await this.column(name).evaluate((cell) => (cell as HTMLTableCellElement).cellIndex)
    return this.rows.evaluateAll(
      (rows, index) => rows.map((row) => (row as HTMLTableRowElement).cells[index]?.innerText.trim() ?? ''),
      at,
    )
  }

  async startExport(format: 'Excel' | 'CSV' | 'JSON' | 'Parquet'): Promise<void> {
    await this.region.getByRole('button', { name: 'Export', exact: true }).click()
    await this.page.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click()
  }

  async download(format: 'Excel' | 'CSV' | 'JSON' | 'Parquet'): Promise<Download> {
    const downloaded = this.page.waitForEvent('download')
    await this.startExport(format)
    const file = await downloaded
    await expect(this.jobs.last()).toContainText('is ready')
    return file
  }
}

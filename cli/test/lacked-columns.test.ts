import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { loadApplication } from '@muniment/archive/model/load'
import { describe, expect, it } from 'vitest'
import { lackedColumns } from '../src/lacked-columns.ts'
import { TEMPLATES_ROOT } from './sample-archive.ts'

const model = await loadApplication(TEMPLATES_ROOT, 'pas')
const snapshot = (without: string): CatalogSnapshot => ({
  application: 'pas',
  version: 'v',
  crawled: '2026-11-23T00:00:00.000Z',
  tables: model.tables.map(({ name, domain, columns, partitionBy }) => ({
    name,
    domain,
    columns: columns
      .filter((column) => `${name}.${column.name}` !== without && !partitionBy.includes(column.name))
      .map((column) => ({ name: column.name, type: column.type, bytes: 1 })),
    partitionBy,
    objects: [],
    rows: 0,
    bytes: 0,
  })),
})

describe('an archive loaded by an earlier version of the model', () => {
  it('is told by the columns that it lacks', () => {
    expect(lackedColumns(model, snapshot('claims.loss_place_folded'))).toEqual(['claims.loss_place_folded'])
  })

  it('lacks nothing where all are there, partitions among them', () => {
    expect(model.tables.some(({ partitionBy }) => partitionBy.length > 0)).toBe(true)
    expect(lackedColumns(model, snapshot(''))).toEqual([])
  })
})

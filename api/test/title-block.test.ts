import type { ResultColumn } from '@muniment/archive/engine/port'
import type { Application, Table } from '@muniment/archive/model/types'
import type { Templates } from '@muniment/query-templates/port'
import type { Query, UseCase } from '@muniment/query-templates/types'
import { describe, expect, it } from 'vitest'
import { titleBlock } from '../src/searches/title-block.ts'

const table = (name: string, primaryKey: string[], reference = false) => ({ name, primaryKey, reference }) as Table
const templates = {
  application: {
    tables: [
      table('loans', ['loan_number']),
      table('payments', ['loan_number', 'paid_on']),
      table('kinds', ['kind'], true),
    ],
  } as Partial<Application>,
  queries: new Map<string, Query>([['loan', { columns: [] } as unknown as Query]]),
} as Templates
const useCase = {
  panels: [{ name: 'loan', query: 'loan' }],
  record: { panel: 'loan', kind: 'Loan', number: 'number' },
} as UseCase

const namesOf = (column: Partial<ResultColumn>) =>
  titleBlock(templates, useCase, 'loan', {
    columns: [{ name: 'number', type: 'varchar', ...column } as ResultColumn],
    rows: [['L-1']],
  } as Parameters<typeof titleBlock>[3])?.names

describe('the record that a title names', () => {
  it('is the one of the table whose whole key its number is', () => {
    expect(namesOf({ from: 'loans.loan_number' })).toEqual({ table: 'loans', key: ['L-1'] })
  })

  it('is not told where the number is part of a key, computed, masked, or a code', () => {
    expect(namesOf({ from: 'payments.loan_number' })).toBeUndefined()
    expect(namesOf({})).toBeUndefined()
    expect(namesOf({ from: 'loans.loan_number', masked: 'partial' })).toBeUndefined()
    expect(namesOf({ from: 'kinds.kind' })).toBeUndefined()
  })
})

import type { ResultColumn, Row, Statement } from '@muniment/archive/engine/port'
import type { Answer } from './memory-engine.ts'

export const loanResult: ResultColumn[] = [
  { name: 'loan_number', type: 'varchar' },
  { name: 'holder', type: 'varchar' },
  { name: 'state', type: 'varchar' },
  { name: 'amount', type: 'decimal(20,2)' },
  { name: 'currency', type: 'varchar' },
  { name: 'opened', type: 'date' },
  { name: 'changed', type: 'timestamp' },
  { name: 'serial', type: 'bigint' },
  { name: 'rate', type: 'double' },
  { name: 'secured', type: 'boolean' },
  { name: 'note', type: 'varchar' },
]

const loan = (index: number): Row => [
  `L-${String(index).padStart(6, '0')}`,
  `Holder ${index}`,
  ['A', 'Z', 'X'][index % 3] ?? 'A',
  `${(index * 37) % 1000}.50`,
  'EUR',
  `20${String(index % 20).padStart(2, '0')}-03-01`,
  '2019-06-30 12:00:00.000',
  String(index),
  '0.035',
  index % 2 === 0 ? 'true' : 'false',
  null,
]

export const loans = (count: number): Row[] => Array.from({ length: count }, (_, index) => loan(index + 1))

const payments: Answer = {
  columns: [
    { name: 'paid_on', type: 'date' },
    { name: 'paid', type: 'decimal(12,2)' },
  ],
  rows: [
    ['2018-01-01', '100.00'],
    ['2018-02-01', '99.90'],
  ],
}

/** Answers as the archive would: `count` loans where many are asked for, one where one is. */
export const answering =
  (count: number, more = false) =>
  (statement: Statement): Answer => {
    if (statement.sql.includes('payments')) return payments
    const many = !statement.sql.includes('loan_number = ?')
    return { columns: loanResult, rows: loans(many ? count : 1), more }
  }

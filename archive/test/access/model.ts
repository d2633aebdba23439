import type { z } from 'zod'
import { type AccessRules, AccessRules as Rules } from '../../src/access/rules.ts'
import type { Application } from '../../src/model/types.ts'
import { ApplicationFile, Table } from '../../src/model/types.ts'

const told = { label: 'x', description: 'x' }

function table(name: string, domain: string, sensitive: Record<string, string[]>, more: object = {}): Table {
  return Table.parse({
    name,
    domain,
    title: name,
    description: name,
    source: { name },
    primaryKey: ['id'],
    sortBy: ['id'],
    columns: [
      { name: 'id', type: 'varchar', source: 'ID', ...told },
      ...Object.entries(sensitive).map(([column, sensitivity]) => ({
        name: column,
        type: 'varchar',
        source: column,
        sensitivity,
        ...(column === 'account' && { partly: { last: 4 } }),
        ...told,
      })),
    ],
    ...more,
  })
}

/** Three domains, a table of codes, columns of all sensitivities, two row rules. */
export const model: Application = {
  ...ApplicationFile.parse({
    name: 'shop',
    title: 'Shop',
    description: 'Shop.',
    timeZone: 'UTC',
    domains: ['people', 'orders', 'illness'].map((name) => ({ name, title: `The ${name}`, description: name })),
    rowRules: {
      staff: { title: 'Staff', description: 'Own people.' },
      secret: { title: 'Secret', description: 'Secret things.' },
    },
  }),
  tables: [
    table('people', 'people', { name: ['personal'], account: ['personal', 'financial'], note: ['personal', 'health'] }),
    table('orders', 'orders', { price: ['financial'], text: ['personal', 'privileged'] }),
    table('illness', 'illness', { finding: ['personal', 'health'], offence: ['criminal'] }),
    table('codes', 'orders', {}, { reference: true }),
  ],
}

export const keepers: z.input<typeof Rules>['grants'] = [
  { id: 'keepers', groups: ['keepers'], role: 'records-manager' },
  { id: 'seconds', groups: ['seconds'], role: 'approver' },
]

/** Rules that can be changed, with these grants besides. */
export function rulesOf(grants: z.input<typeof Rules>['grants'], more: object = {}): AccessRules {
  return Rules.parse({ format: 1, title: 'Test', contact: 'Ask the office.', grants: [...keepers, ...grants], ...more })
}

export const keeper = { id: 'kim', groups: ['keepers'] }
export const second = { id: 'sam', groups: ['seconds'] }

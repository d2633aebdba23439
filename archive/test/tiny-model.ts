/** A consistent model of two tables, for tests that need some model. */
const described = (label: string) => ({ label, description: `${label} of the record.` })

export const tinyApplication = {
  name: 'tiny',
  title: 'Tiny',
  description: 'A system of two tables.',
  timeZone: 'Europe/Berlin',
  domains: [
    { name: 'people', title: 'People', description: 'Who they are.' },
    { name: 'contracts', title: 'Contracts', description: 'What they agreed.' },
  ],
  personTable: 'people',
  codeLists: {
    state: {
      title: 'State of a contract',
      values: [
        { code: 'A', label: 'Active' },
        { code: 'E', label: 'Ended' },
      ],
    },
  },
}

export const tinyTables = {
  people: {
    name: 'people',
    domain: 'people',
    title: 'People',
    description: 'One row a person.',
    source: { name: 'TPERS' },
    primaryKey: ['person_id'],
    sortBy: ['person_id'],
    persons: [{ role: 'subject', steps: [] }],
    columns: [
      { name: 'person_id', type: 'varchar', ...described('Number'), source: 'PNR', required: true },
      { name: 'name', type: 'varchar', ...described('Name'), source: 'PNAME', sensitivity: ['personal'] },
      { name: 'born', type: 'date', ...described('Born'), source: 'PGEB' },
      {
        name: 'name_folded',
        type: 'varchar',
        ...described('Folded'),
        derived: { from: ['name'], function: 'fold' },
        sensitivity: ['personal'],
      },
      {
        name: 'name_sound',
        type: 'varchar',
        ...described('Sound'),
        derived: { from: ['name'], function: 'phonetic' },
        sensitivity: ['personal'],
      },
    ],
  },
  contracts: {
    name: 'contracts',
    domain: 'contracts',
    title: 'Contracts',
    description: 'One row a contract.',
    source: { name: 'TVTR' },
    primaryKey: ['contract_id'],
    foreignKeys: [{ columns: ['holder'], references: { table: 'people', columns: ['person_id'] } }],
    sortBy: ['contract_id'],
    partitionBy: ['state'],
    valid: { from: 'begins' },
    persons: [{ role: 'holder', steps: [{ columns: ['holder'], table: 'people', to: ['person_id'] }] }],
    totals: ['premium'],
    columns: [
      { name: 'contract_id', type: 'bigint', ...described('Number'), source: 'VNR', required: true },
      { name: 'holder', type: 'varchar', ...described('Holder'), source: 'PNR' },
      { name: 'begins', type: 'date', ...described('Begin'), source: 'BEG' },
      { name: 'premium', type: 'decimal(12, 2)', ...described('Premium'), source: 'PRM', currency: 'currency' },
      { name: 'currency', type: 'varchar', ...described('Currency'), source: 'CUR' },
      { name: 'changed', type: 'timestamp', ...described('Changed'), source: 'CHG' },
      { name: 'state', type: 'varchar', ...described('State'), source: 'STA', codeList: 'state' },
    ],
  },
}

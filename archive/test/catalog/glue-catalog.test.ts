import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Drift } from '../../src/catalog/port.ts'
import { OperatorError } from '../../src/errors.ts'
import { CONTRACTS, openGlueWorld, PEOPLE, whole } from './glue-world.ts'

let world: Awaited<ReturnType<typeof openGlueWorld>>
beforeEach(async () => {
  world = await openGlueWorld({ pageSize: 1 })
})
afterEach(() => world.close())

const kinds = (drift: Drift[]) =>
  drift.map(({ kind, table, column }) => [kind, table, column].filter(Boolean).join(' '))

describe('a crawl in AWS', () => {
  it('keeps tables, columns, partitions and bytes as the footers say, once Glue has seen them', async () => {
    await world.load('l1', whole)
    const { snapshot, drift } = await world.catalog.crawl('tiny')
    expect(drift).toEqual([])
    expect(snapshot.tables.map(({ name, rows, incomplete }) => [name, rows, incomplete])).toEqual([
      ['contracts', 100, undefined],
      ['people', 100, undefined],
    ])
    expect(snapshot.tables[0]?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      '_row bigint',
      'contract_id bigint',
      'holder varchar',
      'begins date',
      'premium decimal(12,2)',
      'currency varchar',
      'changed timestamp',
      'state varchar',
    ])
    expect(world.tableOf('contracts')?.PartitionKeys).toEqual([{ Name: 'state', Type: 'string' }])
    expect(world.tableOf('contracts')?.StorageDescriptor.Columns?.map(({ Type }) => Type)).toEqual([
      'bigint',
      'bigint',
      'string',
      'date',
      'decimal(12,2)',
      'string',
      'timestamp',
    ])
    expect(await world.catalog.read('tiny')).toEqual(snapshot)
  })

  it('changes nothing when crawled twice, and reads no footer again', async () => {
    await world.load('l1', whole)
    const { snapshot } = await world.catalog.crawl('tiny')
    const calls = world.s3.calls.length
    expect((await world.catalog.crawl('tiny')).snapshot).toEqual(snapshot)
    const again = world.s3.calls.slice(calls)
    expect(again).not.toContain('PutObject')
    // Snapshot, load.json and the footers that were kept of the load.
    expect(again.filter((call) => call === 'GetObject')).toHaveLength(3)
  })

  it('says of a crawler that failed or was stopped why, and keeps the catalog as it was', async () => {
    await world.load('l1', whole)
    const { snapshot } = await world.catalog.crawl('tiny')
    await world.load('l2', [{ table: 'people', sql: PEOPLE }])
    world.fake.addCrawler('tiny-people', [{ Status: 'FAILED', ErrorMessage: 'Insufficient Lake Formation permission' }])
    world.fake.addCrawler('tiny-contracts', [{ Status: 'CANCELLED' }])
    const failure = await world.catalog.crawl('tiny').then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(OperatorError)
    expect((failure as OperatorError).detail.findings).toEqual([
      { message: 'The crawler tiny-contracts was stopped before it had ended.' },
      { message: 'The crawler tiny-people failed: Insufficient Lake Formation permission.' },
    ])
    expect(await world.catalog.read('tiny')).toEqual(snapshot)
  })

  it('marks a table incomplete of which Glue does not have every partition, or none', async () => {
    await world.load('l1', whole)
    await world.catalog.crawl('tiny')
    world.tableOf('contracts')?.partitions.delete('E')
    world.fake.databases.get('db_tiny')?.delete('people')
    world.skip(() => true)
    const { snapshot, drift } = await world.catalog.crawl('tiny')
    expect(kinds(drift)).toEqual(['missing-partition contracts', 'missing-table people'])
    expect(drift[0]?.message).toContain('archive/tiny/contracts/contracts/state=E/')
    expect(snapshot.tables.map(({ incomplete }) => incomplete)).toEqual([true, true])
    world.skip(() => false)
    expect((await world.catalog.crawl('tiny')).snapshot.tables.map(({ incomplete }) => incomplete)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('names a partition that points elsewhere, one without records and a table that nobody knows', async () => {
    await world.load('l1', whole)
    await world.catalog.crawl('tiny')
    const contracts = world.tableOf('contracts')
    contracts?.partitions.set('A', { Values: ['A'], StorageDescriptor: { Location: 's3://elsewhere/state=A' } })
    contracts?.partitions.set('Z', { Values: ['Z'], StorageDescriptor: { Location: 's3://bucket/z/' } })
    world.fake.databases
      .get('db_tiny')
      ?.set('strangers', { Name: 'strangers', StorageDescriptor: {}, VersionId: '0', partitions: new Map() })
    world.skip(() => true)
    const { drift } = await world.catalog.crawl('tiny')
    expect(kinds(drift)).toEqual(['extra-table strangers', 'missing-partition contracts', 'extra-partition contracts'])
    expect(drift[1]?.message).toContain('s3://elsewhere/state=A/')
  })

  it('takes partitions out of Glue in which nothing lies any more, and no others', async () => {
    await world.load('l1', whole)
    await world.catalog.crawl('tiny')
    const contracts = world.tableOf('contracts')
    const at = (value: string, Location: string) =>
      contracts?.partitions.set(value, { Values: [value], StorageDescriptor: { Location } })
    for (let number = 0; number < 60; number++)
      at(`gone-${number}`, `s3://bucket/archive/tiny/contracts/contracts/state=gone-${number}/`)
    at('placed', 's3://bucket/archive/tiny/contracts/contracts/state=placed')
    at('elsewhere', 's3://elsewhere/archive/tiny/contracts/contracts/state=elsewhere/')
    at('other', 's3://bucket/archive/tiny/people/people/state=other/')
    await world.put('archive/tiny/contracts/contracts/state=placed/part-l2-0.parquet', CONTRACTS)
    const { drift } = await world.catalog.crawl('tiny')
    expect([...(contracts?.partitions.keys() ?? [])].sort()).toEqual(['A', 'E', 'elsewhere', 'other', 'placed'])
    expect(drift.map(({ kind }) => kind)).toContain('extra-partition')
  })

  it('takes the last partitions out too, where all records of a table are gone', async () => {
    await world.load('l1', whole)
    const { snapshot } = await world.catalog.crawl('tiny')
    for (const { key } of snapshot.tables.find(({ name }) => name === 'contracts')?.objects ?? [])
      await world.store.remove(key)
    await world.catalog.crawl('tiny')
    expect([...(world.tableOf('contracts')?.partitions.keys() ?? [])]).toEqual([])
  })

  it('names columns that Glue lacks, has too many or has in another type', async () => {
    await world.load('l1', whole)
    await world.catalog.crawl('tiny')
    const storage = world.tableOf('people')?.StorageDescriptor
    if (storage)
      storage.Columns = [
        { Name: '_row', Type: 'bigint' },
        { Name: 'person_id', Type: 'bigint' },
        { Name: 'name', Type: 'string' },
        { Name: 'born', Type: 'date' },
        { Name: 'name_folded', Type: 'string' },
        { Name: 'old', Type: 'string' },
      ]
    world.skip(() => true)
    const { snapshot, drift } = await world.catalog.crawl('tiny')
    expect(kinds(drift)).toEqual([
      'retyped-column people person_id',
      'missing-column people name_sound',
      'extra-column people old',
    ])
    expect(snapshot.tables[1]?.columns.find(({ name }) => name === 'person_id')?.type).toBe('varchar')
  })

  it('tells with the version of the table in Glue when columns changed since the crawl before', async () => {
    await world.load('l1', whole)
    await world.catalog.crawl('tiny')
    await world.load('l2', [{ table: 'people', sql: `SELECT *, 1 AS shoe FROM (${PEOPLE})` }])
    const { drift } = await world.catalog.crawl('tiny')
    expect(drift.find(({ kind }) => kind === 'changed-columns')?.message).toMatch(
      /^The columns of people changed since .* \(version 1 of the table in Glue\): shoe came\.$/,
    )
    expect(kinds((await world.catalog.crawl('tiny')).drift)).not.toContain('changed-columns people')
  })

  it('does not make an object visible that is no Parquet', async () => {
    await world.load('l1', whole)
    const { key, etag } = await world.store.create('archive/tiny/people/people/part-x.parquet', 'PAR1 not really PAR1')
    const object = { key, etag, size: 20, rows: 1, table: 'people', partition: {} }
    const tables = { people: { read: 0, written: 0, refused: 0 } }
    const commit = JSON.stringify({ load: 'l2', application: 'tiny', tables, objects: [object] })
    await world.store.create('loads/tiny/l2/load.json', commit)
    const { snapshot, drift } = await world.catalog.crawl('tiny')
    expect(kinds(drift)).toEqual(['missing-object people'])
    expect(snapshot.tables[1]).toMatchObject({ rows: 100, incomplete: true })
  })

  it('waits out throttling of every call to Glue', async () => {
    await world.load('l1', whole)
    for (const operation of ['StartCrawler', 'GetCrawler', 'GetTables', 'GetPartitions', 'BatchCreatePartition'])
      world.fake.fail(operation, 'ThrottlingException', 3)
    expect((await world.catalog.crawl('tiny')).drift).toEqual([])
  })

  it('says in a sentence what AWS refused', async () => {
    await world.load('l1', whole)
    world.skip(() => true)
    world.fake.fail('GetTables', 'AccessDeniedException')
    await expect(world.catalog.crawl('tiny')).rejects.toThrow(/AWS refused glue:GetTables/)
  })

  it('keeps both loads when somebody else crawls at the same time', async () => {
    await world.load('l1', whole)
    const first = world.catalog.crawl('tiny')
    await world.load('l2', [{ table: 'contracts', sql: CONTRACTS, state: 'B' }])
    await Promise.all([first, world.catalog.crawl('tiny')])
    const snapshot = (await world.catalog.crawl('tiny')).snapshot
    expect(snapshot.tables[0]?.rows).toBe(150)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { column, createWorld, justification, places, table, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.remove())

describe('files and columns', () => {
  const things = table('things', [column('id'), column('name')])

  it('are named when they are missing or belong to nothing', async () => {
    await world.model([things, table('others', [column('id')])])
    await world.deliver({ 'THINGS.csv': 'ID,SURPRISE\n1,2\n', 'STRAY.csv': 'A\n', 'README.md': 'Hello' })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(places(outcome)).toEqual([
      ['missing-file', 'OTHERS.csv', undefined, undefined],
      ['extra-file', 'STRAY.csv', undefined, undefined],
      ['missing-column', 'THINGS.csv', 1, 'NAME'],
      ['extra-column', 'THINGS.csv', 1, 'SURPRISE'],
    ])
  })

  it('are refused when a table has two files', async () => {
    await world.model([things])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n1,a\n', 'THINGS.csv.gz': 'x' })
    expect(places(await world.ingest())).toEqual([['extra-file', 'THINGS.csv.gz', undefined, undefined]])
  })

  it.each([
    ['a field too many', 'ID,NAME\n1,a\n2,b,c\n', [['structure', 'THINGS.csv', 3, 'NAME']]],
    ['a field too few', 'ID,NAME\n1,"x\ny"\n2\n', [['structure', 'THINGS.csv', 4, 'ID']]],
    ['a quote never closed', 'ID,NAME\n1,a\n2,"b\n3,c\n', [['structure', 'THINGS.csv', 3, 'NAME']]],
    ['text after a closing quote', 'ID,NAME\n1,"a"b\n', [['structure', 'THINGS.csv', 2, 'NAME']]],
    ['a blank before a quote', 'ID,NAME\n1, "a"\n', [['structure', 'THINGS.csv', 2, 'NAME']]],
    ['another line end', 'ID,NAME\r\n1,a\n2,b\r\n', [['structure', 'THINGS.csv', 2, 'NAME']]],
    ['no header', '', [['structure', 'THINGS.csv', 1, undefined]]],
    ['an empty line first', '\nID,NAME\n1,a\n', [['structure', 'THINGS.csv', 1, 'ID']]],
  ])('that are not well formed are refused: %s', async (_, csv, expected) => {
    await world.model([things])
    await world.deliver({ 'THINGS.csv': csv })
    const outcome = await world.ingest()
    expect(outcome.state).toBe('refused')
    expect(places(outcome).slice(0, expected.length)).toEqual(expected)
    expect(await world.keys('archive/')).toEqual([])
  })

  it('may hold empty lines between records, no records, or one column with empty fields', async () => {
    await world.model([
      things,
      table('none', [column('id')]),
      table('single', [column('id')], {
        accept: ['duplicate-key', 'null'].map((kind) => ({ kind, justification })),
      }),
    ])
    await world.deliver({ 'THINGS.csv': 'ID,NAME\n\n1,a\n\n\n2,b', 'NONE.csv': 'ID\n', 'SINGLE.csv': 'ID\na\n\nb\n' })
    const outcome = await world.ingest()
    expect(outcome).toMatchObject({
      state: 'committed',
      tables: { things: { read: 2, written: 2 }, none: { read: 0, written: 0 }, single: { read: 3, written: 3 } },
    })
    expect(await world.rows(outcome, 'none')).toEqual([])
  })
})

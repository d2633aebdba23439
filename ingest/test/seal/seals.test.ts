import { createHash } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '@muniment/archive/audit/canonical'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { leavesKey } from '@muniment/archive/layout'
import { markApplied, writeRewrite } from '@muniment/archive/rewrites/rewrites'
import type { Rewrite } from '@muniment/archive/rewrites/types'
import { encodeValues, type TypedValue } from '@muniment/archive/seals/encoding'
import { classHash, rowHash, saltsOf } from '@muniment/archive/seals/hashes'
import { leafHash, leavesFile } from '@muniment/archive/seals/leaves'
import { verifyProof } from '@muniment/archive/seals/proof'
import { readSeal } from '@muniment/archive/seals/seal'
import { readSealSecret } from '@muniment/archive/seals/secrets'
import { treeOf } from '@muniment/archive/seals/tree'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LoadOutcome, LoadSealed } from '../../src/ingest.ts'
import { hashRows, rootOfRun } from '../../src/seal/hash-rows.mjs'
import { rootsInLog } from '../../src/seal/roots-in-log.ts'
import type { World } from '../world.ts'
import { check, proof, sealedWorld, tamper, things } from './sealed-world.ts'

let world: World
let outcome: LoadOutcome
beforeEach(async () => {
  world = await sealedWorld()
  outcome = await world.ingest()
  expect(outcome.state).toBe('committed')
})
afterEach(() => world.remove())

async function sealOf() {
  const { application, load, seal } = await world.record(outcome)
  if (!seal) throw new Error('The load has no seal.')
  return readSeal(world.home.store, { application, load, seal })
}

const secretFile = () => join(world.home.path, 'secrets', 'seals', 'app', `${outcome.load}.hex`)

describe('a seal', () => {
  it('is what the definitions say, worked out from the delivered values of every type', async () => {
    const seal = await sealOf()
    const object = seal.objects.find(({ description }) => description.table === 'things')
    const secret = Buffer.from((await world.text(`secrets/seals/app/${outcome.load}.hex`)).trim(), 'hex')
    const salts = (sensitivity: string) => saltsOf(secret, 'things', sensitivity, 0, things.length)
    const leaves = things.map(([id, name, note, amount, factor, born, seen, smoker, hand], row) => {
      const salt = (sensitivity: string) => salts(sensitivity).subarray(row * 16, row * 16 + 16)
      const classes = (
        [
          ['financial', [['decimal(14,2)', amount]]],
          ['health', [['boolean', smoker]]],
          ['health+personal', [['varchar', note]]],
          [
            'personal',
            [
              ['varchar', name],
              ['date', born],
            ],
          ],
        ] satisfies [string, TypedValue[]][]
      ).map(([sensitivity, values]) => classHash(salt(sensitivity), values))
      return rowHash(salt(''), classes, row, [
        ['integer', id],
        ['double', factor],
        ['timestamp', seen],
        ['varchar', hand],
      ])
    })
    expect(object?.groups).toEqual([treeOf(leaves).root])
  })

  it('binds the report, and the file of every object as it was', async () => {
    const seal = await sealOf()
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(seal.description.report).toBe(sha256(await world.text(outcome.report)))
    const { objects } = await world.record(outcome)
    expect(seal.objects.map(({ description }) => [description.object, description.sha256, description.rows])).toEqual(
      objects.map(({ key, sha256: hash, rows }) => [key, hash, rows]),
    )
    expect(objects).toHaveLength(4)
  })

  it('keeps its secret out of the bucket, for its owner alone', async () => {
    expect((await stat(secretFile())).mode & 0o777).toBe(0o600)
    const secret = (await world.text(`secrets/seals/app/${outcome.load}.hex`)).trim()
    for (const key of await world.keys('loads/')) expect(await world.text(key), key).not.toContain(secret)
  })

  it('verifies; a load made before there were seals is named and nothing else', async () => {
    expect(await check(world)).toMatchObject({ unsealed: [], differences: [], loads: [{ rows: 8, objects: 4 }] })
    const key = `loads/app/${outcome.load}/load.json`
    const { seal, ...older } = await world.record(outcome)
    expect(seal?.root).toMatch(/^[0-9a-f]{64}$/)
    await writeFile(join(world.home.path, key), JSON.stringify(older))
    expect(await check(world)).toMatchObject({ unsealed: [outcome.load], differences: [], loads: [] })
    expect((await world.ingest()).state).toBe('unchanged')
  })

  it.each([
    [
      'a changed value',
      'SELECT * REPLACE (CASE WHEN id = 2 THEN 0.02 ELSE amount END::DECIMAL(14,2) AS amount) FROM t',
    ],
    ['an empty text in place of no value', "SELECT * REPLACE (coalesce(name, '') AS name) FROM t"],
    ['no value in place of an empty text', "SELECT * REPLACE (nullif(hand, '') AS hand) FROM t"],
    ['columns that changed places', 'SELECT * REPLACE (name AS note, note AS name) FROM t'],
    [
      'rows that changed places',
      'SELECT * REPLACE (CASE _row WHEN 1 THEN 3 WHEN 3 THEN 1 ELSE _row END AS _row) FROM t',
    ],
    ['a row that was left out', 'SELECT * FROM t WHERE _row <> 3'],
    ['a row that occurs twice', 'SELECT * FROM t UNION ALL SELECT * FROM t WHERE _row = 3'],
    ['a row that was slipped in', 'SELECT * FROM t UNION ALL SELECT * REPLACE (99 AS _row) FROM t WHERE _row = 3'],
    ['the sign of a zero', 'SELECT * REPLACE (factor + 0 AS factor) FROM t'],
  ])('shows %s, with object and row group', async (_title, select) => {
    await tamper(world, outcome, select)
    const { differences } = await check(world)
    expect(differences.length).toBeGreaterThan(0)
    expect(differences[0]).toMatchObject({ object: expect.stringContaining('/things/') })
  })

  it('shows a report, a seal and roots of row groups that were changed', async () => {
    const messages = async () => (await check(world)).differences.map(({ message }) => message).join('\n')
    for (const [key, message] of [
      [outcome.report, 'the report is not the one'],
      [`loads/app/${outcome.load}/seal.json`, 'is not the one that the load names'],
      [`loads/app/${outcome.load}/seal-groups.bin`, 'do not lead to the root'],
    ] as const) {
      const stored = await world.home.store.get(key)
      if (!stored) throw new Error(`There is no ${key}.`)
      const changed = Buffer.from(stored.body)
      changed.writeUInt8((changed.readUInt8(20) ^ 1) & 0xff, 20)
      await writeFile(join(world.home.path, key), changed)
      expect(await messages(), key).toContain(message)
      await writeFile(join(world.home.path, key), stored.body)
    }
    expect(await messages()).toBe('')
    await rm(secretFile())
    expect(await messages()).toContain('secret')
  })
})

describe('an interrupted load', () => {
  it.each(['reported', 'sealed', 'hook', 'committed'])(
    'has no seal before it is visible, and the same after (%s)',
    async (stop) => {
      const other = await sealedWorld()
      try {
        const stopped = () => {
          throw new Error('stopped here')
        }
        const failing = other.ingest({
          onStage: async (stage) => void (stage === stop && stopped()),
          sealed: async () => void (stop === 'hook' && stopped()),
        })
        await expect(failing).rejects.toThrow('stopped here')
        const visible = (await check(other)).loads
        expect(visible).toHaveLength(stop === 'committed' ? 1 : 0)
        const told: LoadSealed[] = []
        const again = await other.ingest({ sealed: async (seal) => void told.push(seal) })
        expect(again.state).toBe(stop === 'committed' ? 'unchanged' : 'committed')
        const report = await check(other)
        expect(report).toMatchObject({ differences: [], loads: [{ rows: 8 }] })
        if (stop !== 'committed')
          expect(told).toMatchObject([{ load: again.load, root: report.loads[0]?.root, rows: 8 }])
      } finally {
        await other.remove()
      }
    },
  )
})

describe('seals verify', () => {
  const logged = (root: string) => new Map([[`app/${outcome.load}`, [{ entry: 'e', root, covered: true }]]])

  it("holds the root against the log's", async () => {
    const { root } = (await check(world)).loads[0] ?? {}
    expect(await check(world, logged(root ?? ''))).toMatchObject({
      differences: [],
      loads: [{ logged: { entry: 'e' } }],
    })
    const messages = async (says: ReturnType<typeof logged>) =>
      (await check(world, says)).differences.map((one) => one.message)
    expect(await messages(logged('0'.repeat(64)))).toEqual([expect.stringMatching(/names another root/)])
    expect(await messages(new Map())).toEqual([expect.stringMatching(/names no load of this id/)])
  })

  it('finds an object beside those of the loads', async () => {
    const [object] = (await world.record(outcome)).objects
    const key = object?.key.replace(/[^/]+$/, 'part-added.parquet') ?? ''
    await world.home.store.create(key, (await world.home.store.get(object?.key ?? ''))?.body ?? Buffer.alloc(0))
    expect((await check(world)).differences).toEqual([{ object: key, message: expect.stringMatching(/no load names/) }])
  })

  it('finds a file that was written anew with the same rows', async () => {
    await tamper(world, outcome, 'SELECT * FROM t')
    expect((await check(world)).differences).toMatchObject([{ message: expect.stringMatching(/SHA-256 is another/) }])
  })

  it('reads what the log says of loads', async () => {
    const { store, path } = world.home
    const log = createAuditLog({
      store,
      secrets: createFileSecrets(join(path, 'secrets', 'audit')),
      clock: () => new Date(),
    })
    const actor = { id: 'account:x', roles: [], groups: [], rules: 0 }
    const id = await log.note(
      { action: 'load', actor, subject: { application: 'app', load: 'l', root: 'r' } },
      { outcome: 'done' },
    )
    expect(await rootsInLog(store)).toEqual(new Map([['app/l', [{ entry: id, root: 'r', covered: false }]]]))
  })
})

describe('a proof', () => {
  it('proves each row with all its values', async () => {
    const root = (await world.record(outcome)).seal?.root
    for (const [id, name, note, amount, factor, born, seen, smoker, hand] of things) {
      const proved = verifyProof(JSON.stringify(await proof(world, id)))
      expect(proved).toMatchObject({ application: 'app', table: 'things', load: outcome.load, root })
      const values = Object.fromEntries(proved.columns.map((one) => [one.name, one.value]))
      expect(values).toEqual({ id, name, note, amount, factor, born, seen, smoker, hand })
    }
  })

  it('masks every class that has a sensitivity, and gives nothing of it away', async () => {
    const masked = await proof(world, '1', { without: ['personal', 'health'] })
    const text = JSON.stringify(masked)
    expect(
      Object.entries(masked.row.classes)
        .filter(([, one]) => 'hash' in one)
        .map(([name]) => name),
    ).toEqual(['health', 'health+personal', 'personal'])
    for (const secret of ['Weiß', '2024-02-29"', 'zweite']) expect(text).not.toContain(secret)
    const { columns } = verifyProof(text)
    expect(columns.filter(({ value }) => value === undefined).map(({ name }) => name)).toEqual([
      'name',
      'note',
      'born',
      'smoker',
    ])
    // Three values are possible. With the salts of this row that are shown, and without any, none of them leads to the hash.
    const health = masked.row.classes.health
    const hash = health && 'hash' in health ? health.hash : ''
    const shown = [
      masked.row.salt,
      ...Object.values(masked.row.classes).flatMap((one) => ('salt' in one ? one.salt : [])),
    ]
    const open = await proof(world, '1')
    const real = open.row.classes.health
    const own = real && 'salt' in real ? real.salt : ''
    const guess = (salt: string) =>
      ['true', 'false', null].map((value) => classHash(Buffer.from(salt, 'hex'), [['boolean', value]]).toString('hex'))
    for (const salt of ['', '00'.repeat(16), ...shown]) expect(guess(salt)).not.toContain(hash)
    expect(guess(own)).toContain(hash)
  })

  it('is refused whatever in it was changed', async () => {
    const text = JSON.stringify(await proof(world, '1', { without: ['health'] }))
    const before = verifyProof(text)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        if (changed === text) return
        let after: unknown
        try {
          after = verifyProof(changed)
        } catch {
          return
        }
        // Another spelling of the same JSON proves the same.
        expect(after).toEqual(before)
      }),
      { numRuns: 500 },
    )
  })

  it('of another row group, load or root is refused', async () => {
    const one = await proof(world, '1')
    const other = await proof(world, '2')
    const refused = (change: object) => () => verifyProof(JSON.stringify({ ...one, ...change }))
    expect(refused({})).not.toThrow()
    expect(refused({ row: { ...one.row, path: other.row.path } })).toThrow('does not hold')
    expect(refused({ row: { ...one.row, number: other.row.number } })).toThrow('does not hold')
    expect(refused({ row: { ...one.row, values: { ...one.row.values, more: 'x' } } })).toThrow('does not hold')
    expect(refused({ root: '0'.repeat(64) })).toThrow('does not hold')
    expect(refused({ load: { ...one.load, object: one.load.object + 1 } })).toThrow('does not hold')
  })

  it('is not given of a row group that was changed', async () => {
    await tamper(world, outcome, "SELECT * REPLACE ('x' AS hand) FROM t")
    await expect(proof(world, '1')).rejects.toThrow('not what was sealed')
  })

  it('still holds for what is left when other rows are destroyed and their leaf hashes kept', async () => {
    const before = await proof(world, '3')
    const leaf = await destroySecond()
    expect(leaf).toBe(before.row.path[0]?.before[1])
    expect(await proof(world, '3')).toEqual(before)
    expect((await check(world)).differences).toEqual([])
  })

  it('is not given where rows are gone and their leaf hashes are not kept, or are others', async () => {
    await tamper(world, outcome, 'SELECT * FROM t WHERE id <> 2')
    await expect(proof(world, '3')).rejects.toThrow('their hashes are not kept')
    await destroySecond()
    const file = join(world.home.path, leavesKey('R-20260101-000000000000', 0))
    const leaves = await readFile(file)
    leaves[20] = (leaves[20] ?? 0) ^ 1
    await writeFile(file, leaves)
    await expect(proof(world, '3')).rejects.toThrow('is not as run R-20260101-000000000000 wrote it')
    expect((await check(world)).differences[0]?.message).toContain('is not as run R-20260101-000000000000 wrote it')
  })

  it('finds a row that was destroyed and is there again', async () => {
    const object = (await world.record(outcome)).objects.find(({ table }) => table === 'things')
    const path = join(world.home.path, object?.key ?? '')
    const copy = await readFile(path)
    await destroySecond()
    await writeFile(path, copy)
    expect((await check(world)).differences[0]?.message).toContain('not as the last run of destruction left it')
  })

  /** As a run of destruction does with the row whose number is 1; gives its leaf hash. */
  async function destroySecond(): Promise<string> {
    const { load, objects, seal: reference } = await world.record(outcome)
    const object = objects.find(({ table }) => table === 'things')
    const secret = await readSealSecret(world.home.path, 'app', load)
    if (!object || !reference || !secret) throw new Error('The load should have an object, a seal and a secret.')
    const seal = await readSeal(world.home.store, { application: 'app', load, seal: reference })
    const description = seal.objects.find(({ description }) => description.object === object.key)?.description
    if (!description) throw new Error('The seal should name the object.')
    const second = things.find(([id]) => id === '2') ?? things[1]
    const leaf = leafHash(description, secret, { number: 1, values: second })
    const file = leavesFile(new Map([[1, leaf]]))
    const key = leavesKey('R-20260101-000000000000', 0)
    await world.home.store.create(key, file)
    await tamper(world, outcome, 'SELECT * FROM t WHERE id <> 2')
    const bytes = await readFile(join(world.home.path, object.key))
    const rewrite: Rewrite = {
      format: 1,
      application: 'app',
      object: object.key,
      table: 'things',
      load,
      run: 'R-20260101-000000000000',
      generation: 1,
      attempt: 1,
      before: { etag: object.etag, rows: object.rows },
      after: { size: bytes.length, rows: object.rows - 1, sha256: sha256Hex(bytes), nonce: 'n' },
      leaves: { key, sha256: sha256Hex(file) },
    }
    await writeRewrite(world.home.store, rewrite)
    await markApplied(world.home.store, rewrite, (await world.home.store.head(object.key))?.etag ?? '')
    return leaf.toString('hex')
  }

  it('finds no row where there is none, and no key is read as SQL', async () => {
    await expect(proof(world, '77')).rejects.toThrow('No row')
    await expect(proof(world, "1' OR '1'='1")).rejects.toThrow('No row')
  })
})

describe('hashing of many rows at once', () => {
  it('comes to what is defined, whatever order the rows are in', () => {
    const value = fc.option(fc.string({ unit: 'binary' }))
    const rows = fc.array(fc.tuple(value, fc.option(fc.integer().map(String)), value, value), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(rows, fc.nat(1_000_000), fc.boolean(), (list, first, backwards) => {
        const salts = ['a', 'b', ''].map((name) => saltsOf(Buffer.alloc(32, 7), 't', name, first, list.length))
        const salt = (kind: number, row: number) => salts[kind]?.subarray(row * 16, row * 16 + 16) ?? Buffer.alloc(0)
        const expected = list.map(([a, b, c, d], row) =>
          rowHash(
            salt(2, row),
            [
              classHash(salt(0, row), [
                ['varchar', a],
                ['bigint', b],
              ]),
              classHash(salt(1, row), [['varchar', c]]),
            ],
            first + row,
            [['varchar', d]],
          ),
        )
        const written = list.map(([a, b, c, d], row) =>
          encodeValues([
            ['varchar', a],
            ['bigint', b],
            ['varchar', c],
            ['bigint', String(first + row)],
            ['varchar', d],
          ]),
        )
        const bytes = Buffer.concat(backwards ? written.reverse() : written)
        const classes = [Uint8Array.of(1, 0), Uint8Array.of(1)]
        const work = { bytes, classes, open: Uint8Array.of(1), salts, first, count: list.length }
        const { leaves, rows: count } = hashRows(work)
        expect(leaves).toEqual(Buffer.concat(expected))
        expect(count).toBe(list.length)
        expect(rootOfRun(leaves)).toEqual(treeOf(expected).root)
      }),
    )
  })
})

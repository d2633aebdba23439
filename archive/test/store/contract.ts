import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError, NotFoundError } from '../../src/errors.ts'
import { ConflictError } from '../../src/store/errors.ts'
import { compareKeys } from '../../src/store/keys.ts'
import type { ObjectInfo, ObjectStore } from '../../src/store/port.ts'

export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

function* slices(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const text = async (store: ObjectStore, key: string) => (await store.get(key))?.body.toString()

function split(outcomes: PromiseSettledResult<ObjectInfo>[]) {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  expect(reasons.filter((reason) => !(reason instanceof ConflictError))).toEqual([])
  return { won: outcomes.length - reasons.length, lost: reasons.length }
}

interface Traits {
  /** Equal bytes have an equal ETag, however they were stored. */
  etagOfContent?: boolean
}

/** What every adapter of the ObjectStore port must do; `open` gives an empty store. */
export function describeStore(
  name: string,
  open: () => Promise<{ store: ObjectStore; close(): Promise<void> }>,
  { etagOfContent = false }: Traits = {},
) {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore
    let close = async () => {}
    let folder = ''
    beforeAll(async () => {
      ;({ store, close } = await open())
      folder = await mkdtemp(join(tmpdir(), 'contract-'))
    })
    afterAll(async () => {
      await close()
      await rm(folder, { recursive: true })
    })

    it('gives back what was created, with size, ETag and time', async () => {
      const made = await store.create('a/one.json', '{"é": 1}')
      const got = await store.get('a/one.json')
      expect(got?.body.toString()).toBe('{"é": 1}')
      expect(got).toMatchObject({ key: 'a/one.json', size: 9, etag: made.etag })
      expect(await store.head('a/one.json')).toMatchObject({ key: 'a/one.json', size: 9, etag: made.etag })
      expect(Math.abs(Date.now() - (got?.modified.getTime() ?? 0))).toBeLessThan(60_000)
    })

    it('names what is directly below a folder, in the order of keys', async () => {
      for (const key of ['n/b.json', 'n/a/one', 'n/a/two', 'n/a-b', 'n/\u{1f600}', 'n/\uff5e', 'n/B'])
        await store.create(key, 'x')
      const names: string[] = []
      for await (const name of store.names('n/')) names.push(name)
      expect(names).toEqual(['B', 'a-b', 'a/', 'b.json', '\uff5e', '\u{1f600}'])
      for await (const name of store.names('n/absent/')) expect(name).toBe('nothing')
      await expect(async () => {
        for await (const name of store.names('n')) expect(name).toBe('nothing')
      }).rejects.toThrow(InputError)
      await expect(async () => {
        for await (const name of store.names('n/../../')) expect(name).toBe('nothing')
      }).rejects.toThrow(InputError)
    })

    it('knows nothing of what was never created, nor of what is only a beginning of a key', async () => {
      await store.create('folder/inside', 'x')
      for (const key of ['absent', 'folder', 'folder/inside/deeper']) {
        expect(await store.head(key)).toBeUndefined()
        expect(await store.get(key)).toBeUndefined()
        await expect(store.stream(key)).rejects.toThrow(NotFoundError)
      }
    })

    it('keeps any bytes, none too', async () => {
      const bytes = randomBytes(100_000)
      await store.create('bytes', bytes)
      await store.create('empty', '')
      expect((await store.get('bytes'))?.body.equals(bytes)).toBe(true)
      expect((await store.get('empty'))?.body.length).toBe(0)
      expect((await readAll(await store.stream('empty'))).length).toBe(0)
    })

    it('refuses to create what exists, and leaves it as it was', async () => {
      await store.create('once', 'first')
      await expect(store.create('once', 'second')).rejects.toThrow(ConflictError)
      await expect(store.create('once', 'first')).rejects.toThrow(ConflictError)
      expect(await text(store, 'once')).toBe('first')
    })

    it('has one winner when twenty create the same key at once, in every round', async () => {
      for (let round = 0; round < 10; round++) {
        const key = `race/${round}/key`
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => store.create(key, `${n}`)))
        expect(split(outcomes)).toEqual({ won: 1, lost: 19 })
        expect(await text(store, key)).toBe(`${outcomes.findIndex(({ status }) => status === 'fulfilled')}`)
      }
    })

    it('replaces what was read', async () => {
      const first = await store.create('replaced', 'one')
      const second = await store.replace('replaced', 'two', first.etag)
      expect(second.etag).not.toBe(first.etag)
      expect(await store.get('replaced')).toMatchObject({ etag: second.etag, body: Buffer.from('two') })
      expect(await store.head('replaced')).toMatchObject({ etag: second.etag, size: 3 })
    })

    it('refuses to replace what was changed, is gone or never was', async () => {
      const first = await store.create('stale', 'one')
      await store.replace('stale', 'two', first.etag)
      await expect(store.replace('stale', 'three', first.etag)).rejects.toThrow(ConflictError)
      await expect(store.replace('never', 'three', first.etag)).rejects.toThrow(ConflictError)
      expect(await text(store, 'stale')).toBe('two')
      expect(await store.head('never')).toBeUndefined()
    })

    it('has one winner when twenty replace the same object at once', async () => {
      const { etag } = await store.create('race/replace', 'start')
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => store.replace('race/replace', `${n}`, etag)),
      )
      expect(split(outcomes)).toEqual({ won: 1, lost: 19 })
      expect(await text(store, 'race/replace')).toBe(`${outcomes.findIndex(({ status }) => status === 'fulfilled')}`)
    })

    it.runIf(etagOfContent)(
      'gives equal bytes an equal ETag, so that a replace by equal bytes leaves it current',
      async () => {
        const { etag } = await store.create('equal', 'same')
        expect((await store.replace('equal', 'same', etag)).etag).toBe(etag)
        expect((await store.create('equal-elsewhere', 'same')).etag).toBe(etag)
        const other = await store.replace('equal', 'other', etag)
        expect(other.etag).not.toBe(etag)
        expect((await store.replace('equal', 'same', other.etag)).etag).toBe(etag)
      },
    )

    it('takes no pattern for an ETag', async () => {
      const { etag } = await store.create('pattern', 'one')
      for (const pattern of ['*', '', `"${etag}"`, `${etag}, *`, `W/"${etag}"`, `${etag}\r\nx-amz-acl: public-read`]) {
        await expect(store.replace('pattern', 'two', pattern)).rejects.toThrow(ConflictError)
        await expect(store.stream('pattern', { end: 2, etag: pattern })).rejects.toThrow(ConflictError)
        await expect(store.remove('pattern', pattern)).rejects.toThrow(ConflictError)
      }
      expect(await text(store, 'pattern')).toBe('one')
    })

    it('streams ranges as slices do', async () => {
      const bytes = randomBytes(1000)
      const { etag } = await store.create('range', bytes)
      await fc.assert(
        fc.asyncProperty(fc.nat(1100), fc.nat(1100), async (start, end) => {
          const read = await readAll(await store.stream('range', { start, end, etag }))
          expect(read.equals(bytes.subarray(start, Math.max(start, end)))).toBe(true)
        }),
        { numRuns: 50 },
      )
      expect((await readAll(await store.stream('range', { start: 990 }))).equals(bytes.subarray(990))).toBe(true)
    })

    it('refuses to stream a part of what was changed since', async () => {
      const { etag } = await store.create('moving', 'first')
      await store.replace('moving', 'second', etag)
      await expect(store.stream('moving', { start: 0, end: 2, etag })).rejects.toThrow(ConflictError)
    })

    it('lets a reader finish with what it began', async () => {
      const old = randomBytes(2_000_000)
      const { etag } = await store.create('begun', old)
      const stream = await store.stream('begun')
      await store.replace('begun', 'new', etag)
      expect((await readAll(stream)).equals(old)).toBe(true)
    })

    it('takes in a finished file once, and the file is gone then', async () => {
      const bytes = randomBytes(5_000_000)
      const file = join(folder, 'finished')
      await writeFile(file, bytes)
      const info = await store.createFromFile('archive/a/big.parquet', file)
      expect(info).toMatchObject({ key: 'archive/a/big.parquet', size: bytes.length })
      expect(await store.head('archive/a/big.parquet')).toMatchObject({ etag: info.etag })
      if (etagOfContent) expect((await store.create('same-bytes', bytes)).etag).toBe(info.etag)
      await expect(writeFile(file, 'again', { flag: 'wx' })).resolves.toBeUndefined()
      await expect(store.createFromFile('archive/a/big.parquet', file)).rejects.toThrow(ConflictError)
      expect((await store.get('archive/a/big.parquet'))?.body.equals(bytes)).toBe(true)
    })

    it('puts a finished file in the place of what was read, and of nothing else', async () => {
      const bytes = randomBytes(5_000_000)
      const file = join(folder, 'next')
      const { etag } = await store.create('rewritten', 'before')
      await writeFile(file, bytes)
      await expect(store.replaceFromFile('rewritten', file, 'f'.repeat(32))).rejects.toThrow(ConflictError)
      await expect(store.replaceFromFile('never-written', file, etag)).rejects.toThrow(ConflictError)
      expect(await text(store, 'rewritten')).toBe('before')
      expect(await store.head('never-written')).toBeUndefined()
      const next = await store.replaceFromFile('rewritten', file, etag)
      expect(next).toMatchObject({ key: 'rewritten', size: bytes.length })
      expect((await store.get('rewritten'))?.body.equals(bytes)).toBe(true)
      expect(await store.head('rewritten')).toMatchObject({ etag: next.etag, size: bytes.length })
      await writeFile(file, 'again', { flag: 'wx' })
      await expect(store.replaceFromFile('rewritten', file, etag)).rejects.toThrow(ConflictError)
      expect((await store.get('rewritten'))?.size).toBe(bytes.length)
    })

    it.each([0, 1, 999_999, 1_048_576, 5_000_000])('creates from a stream of %i bytes, once', async (size) => {
      const bytes = randomBytes(size)
      const chunks = () => Readable.from(slices(bytes, 70_001))
      const info = await store.createFromStream(`streamed/${size}`, chunks())
      expect(info).toMatchObject({ key: `streamed/${size}`, size })
      expect(await store.head(info.key)).toMatchObject({ etag: info.etag, size })
      expect((await store.get(info.key))?.body.equals(bytes)).toBe(true)
      await expect(store.createFromStream(`streamed/${size}`, chunks())).rejects.toThrow(ConflictError)
      expect((await store.get(info.key))?.body.equals(bytes)).toBe(true)
    })

    it.each([10, 5_000_000])('creates nothing from a stream that fails after %i bytes, and says why', async (size) => {
      const key = `streamed/failing-${size}`
      const failing = Readable.from(
        (function* () {
          yield* slices(randomBytes(size), 100_000)
          throw new RangeError('the source failed')
        })(),
      )
      await expect(store.createFromStream(key, failing)).rejects.toThrow(RangeError)
      expect(await store.head(key)).toBeUndefined()
      expect(await store.createFromStream(key, Readable.from(['text ', 'too']))).toMatchObject({
        size: 8,
      })
    })

    it('streams what is large in bounded memory', async () => {
      const file = join(folder, 'large')
      const size = 96 * 1024 * 1024
      await writeFile(file, Buffer.alloc(size, 7))
      const { etag } = await store.createFromFile('large', file)
      globalThis.gc?.()
      let peak = 0
      let read = 0
      const before = process.memoryUsage().rss
      for await (const chunk of await store.stream('large', { etag })) {
        read += (chunk as Buffer).length
        peak = Math.max(peak, process.memoryUsage().rss - before)
      }
      expect(read).toBe(size)
      expect(peak).toBeLessThan(48 * 1024 * 1024)
    })

    it('removes, and only what was read when it is told so', async () => {
      const { etag } = await store.create('gone/deep/key', 'x')
      await expect(store.remove('gone/deep/key', 'f'.repeat(64))).rejects.toThrow(ConflictError)
      expect(await text(store, 'gone/deep/key')).toBe('x')
      await store.remove('gone/deep/key', etag)
      expect(await store.head('gone/deep/key')).toBeUndefined()
      await store.remove('gone/deep/key', etag)
      await store.remove('gone/deep/key')
      expect(await keysOf(store, 'gone/')).toEqual([])
      await store.create('gone', 'a key may now be where a folder was')
      expect(await keysOf(store, 'gone')).toEqual(['gone'])
    })

    it('creates and removes side by side in one folder without losing anything', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, async (_, n) => {
          const key = `busy/folder/${n}`
          const { etag } = await store.create(key, `${n}`)
          if (n % 2) await store.remove(key, etag)
        }),
      )
      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
      expect(await keysOf(store, 'busy/')).toHaveLength(30)
    })

    it('keeps keys in any script apart', async () => {
      const keys = [
        'unicode/Müller',
        'unicode/Mu\u0308ller',
        'unicode/山田',
        'unicode/𝟙',
        'unicode/\uffee',
        "unicode/a b'%$#?",
      ]
      for (const key of keys) await store.create(key, key)
      for (const key of keys) expect(await text(store, key)).toBe(key)
      expect(await keysOf(store, 'unicode/')).toEqual([...keys].sort(compareKeys))
    })

    it('keeps any key as it is spelt, and lists by the bytes of UTF-8', async () => {
      const piece = fc.string({
        unit: fc.constantFrom(
          ...'abzAZ019',
          ' ',
          '+',
          '%',
          '%20',
          '&',
          '=',
          '?',
          '#',
          ';',
          ',',
          '~',
          "'",
          '"',
          '<',
          '>',
          'ä',
          'ß',
          'e\u0301',
          '山',
          '\uffee',
          '\u{1f600}',
          '\u0001',
          '\n',
          '_',
          '-',
        ),
        minLength: 1,
        maxLength: 6,
      })
      const keysToMake = fc.uniqueArray(piece, { minLength: 1, maxLength: 12 })
      let round = 0
      await fc.assert(
        fc.asyncProperty(keysToMake, async (pieces) => {
          const folder = `spelt/${round++}/`
          const keys = pieces.map((one, n) => (n % 3 === 0 ? `${folder}${one}/x` : `${folder}${one}`))
          const free = keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`)))
          await Promise.all(free.map((key) => store.create(key, key)))
          expect(await keysOf(store, folder)).toEqual([...free].sort(compareKeys))
          for (const key of free) {
            expect(await text(store, key)).toBe(key)
            expect(await keysOf(store, key)).toEqual([...free].filter((one) => one.startsWith(key)).sort(compareKeys))
          }
          const names: string[] = []
          for await (const name of store.names(folder)) names.push(name)
          const below = free.map((key) => /^[^/]*\/?/.exec(key.slice(folder.length))?.[0] ?? '')
          expect(names).toEqual([...new Set(below)].sort(compareKeys))
        }),
        { numRuns: 25 },
      )
    })

    it('lists nothing by a beginning that no key can have', async () => {
      await store.create('beginning/x', 'x')
      for (const prefix of [
        '../',
        '/beginning',
        'beginning//',
        'beginning/../beginning/',
        '\ud800',
        'a\0',
        'y'.repeat(2000),
      ])
        expect(await keysOf(store, prefix)).toEqual([])
    })

    it('lists thousands in the order of their keys, by any beginning', async () => {
      const keys = Array.from({ length: 2500 }, (_, n) => `many/${n % 7}${'-./'.charAt(n % 3)}${n}`)
      keys.push('many/0', 'many-more', 'many.', 'manyfold/x')
      const free = keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`)))
      for (let at = 0; at < free.length; at += 100)
        await Promise.all(free.slice(at, at + 100).map((key) => store.create(key, '')))
      const sorted = [...free].sort(compareKeys)
      for (const prefix of ['many', 'many/', 'many/3', 'many/3/', 'many/6-', 'manyf'])
        expect(await keysOf(store, prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)))
      expect(await keysOf(store, 'many/9')).toEqual([])
      expect(await keysOf(store, '')).toEqual((await keysOf(store, '')).sort(compareKeys))
    })

    const hostile = [
      '',
      '/etc/passwd',
      '../out',
      'a/../../out',
      'a//b',
      'a/',
      './a',
      'a/.',
      '.work/owner.duckdb',
      'a/.hidden',
      'a\0b',
      'a\\..\\b',
      'a\ud800',
      'x'.repeat(1025),
    ]
    it.each(hostile.map((key) => [JSON.stringify(key).slice(0, 40), key]))(
      'refuses the key %s',
      async (_shown, key) => {
        await expect(store.create(key, 'x')).rejects.toThrow(InputError)
        await expect(store.head(key)).rejects.toThrow(InputError)
        await expect(store.get(key)).rejects.toThrow(InputError)
        await expect(store.stream(key)).rejects.toThrow(InputError)
        await expect(store.remove(key)).rejects.toThrow(InputError)
        await expect(store.replace(key, 'x', 'y')).rejects.toThrow(InputError)
      },
    )
  })
}

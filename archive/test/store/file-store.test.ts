import { execFile, execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/errors.ts'
import { fileError } from '../../src/store/file-errors.ts'
import { openFileStore } from '../../src/store/file-store.ts'
import { describeStore } from './contract.ts'

const temporaryHome = () => mkdtemp(join(tmpdir(), 'store-'))

describeStore(
  'the file store',
  async () => {
    const home = await temporaryHome()
    return { store: openFileStore(home), close: () => rm(home, { recursive: true }) }
  },
  { etagOfContent: true },
)

describe('a finished file whose hash is known', () => {
  it('has the ETag of its content, in this process and the next, as one that was hashed by the store', async () => {
    const home = await temporaryHome()
    try {
      const bytes = randomBytes(5_000_000)
      const store = openFileStore(home)
      for (const name of ['told', 'found']) await writeFile(join(home, name), bytes)
      const told = await store.createFromFile('a/told', join(home, 'told'), {
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })
      const found = await store.createFromFile('a/found', join(home, 'found'))
      expect(told.etag).toBe(found.etag)
      await rm(join(home, '.work'), { recursive: true })
      expect(await openFileStore(home).head('a/told')).toEqual({ ...told, modified: expect.any(Date) })
    } finally {
      await rm(home, { recursive: true })
    }
  })

  it('is not read for it', async () => {
    const home = await temporaryHome()
    try {
      await writeFile(join(home, 'file'), 'content')
      const sha256 = 'ab'.repeat(32)
      expect((await openFileStore(home).createFromFile('a/file', join(home, 'file'), { sha256 })).etag).toBe(sha256)
    } finally {
      await rm(home, { recursive: true })
    }
  })
})

it('names in a folder of a few and of very many are listed alike', async () => {
  const home = await temporaryHome()
  try {
    const store = openFileStore(home)
    const names = Array.from({ length: 400 }, (_, index) => `${String(index).padStart(4, '0')}-${'n'.repeat(60)}`)
    for (const [index, name] of names.entries()) {
      await mkdir(join(home, 'a', name), { recursive: true })
      if (![0, 1, 20, 399].includes(index)) continue
      const listed: string[] = []
      for await (const found of store.names('a/')) listed.push(found)
      expect(listed).toEqual(names.slice(0, index + 1).map((found) => `${found}/`))
    }
    expect((await stat(join(home, 'a'))).size).toBeGreaterThan(4096)
  } finally {
    await rm(home, { recursive: true })
  }
})

/** A file system of 256 KiB, where this machine lets us have one. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('the file store', () => {
  let home = ''
  beforeAll(async () => {
    home = await temporaryHome()
  })
  afterAll(() => rm(home, { recursive: true }))

  it('leaves no temporary file, whether it wins or loses', async () => {
    const store = openFileStore(home)
    await Promise.allSettled(Array.from({ length: 20 }, () => store.create('x/y', 'z')))
    const { etag } = await store.create('x/w', '1')
    await Promise.allSettled(Array.from({ length: 20 }, (_, n) => store.replace('x/w', `${n}`, etag)))
    expect(await readdir(join(home, '.work', 'tmp'))).toEqual([])
  })

  it('has one winner when processes create the same keys at once', async () => {
    const script = join(home, '.work', 'race.mts')
    await writeFile(
      script,
      `import { openFileStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/file-store.ts'))}
      const store = openFileStore(${JSON.stringify(home)})
      let won = 0
      for (let n = 0; n < 200; n++) await store.create('processes/' + n, String(process.pid)).then(() => won++, (e) => { if (e.name !== 'ConflictError') throw e })
      console.log(won)`,
    )
    const run = () => promisify(execFile)(process.execPath, ['--import', 'tsx', script])
    const outputs = await Promise.all([run(), run(), run()])
    expect(outputs.map(({ stdout }) => Number(stdout)).reduce((sum, won) => sum + won)).toBe(200)
  })

  it('takes the ETag from the content and not from times', async () => {
    const store = openFileStore(home)
    const { etag } = await store.create('touched', 'content')
    const then = new Date('2001-01-01')
    await utimes(join(home, 'touched'), then, then)
    expect(await store.head('touched')).toMatchObject({ etag, modified: then })
  })

  it('notices a file of equal size and time that was altered behind its back', async () => {
    const store = openFileStore(home)
    const big = Buffer.alloc(5_000_000, 1)
    const made = await store.create('altered', big)
    const file = join(home, 'altered')
    big[4_000_000] = 2
    await writeFile(file, big)
    await utimes(file, made.modified, made.modified)
    expect((await store.head('altered'))?.etag).not.toBe(made.etag)
    await expect(store.replace('altered', 'x', made.etag)).rejects.toThrow('changed by somebody else')
  })

  it('does not read a large object again for its ETag, in another process neither', async () => {
    const store = openFileStore(home)
    const { etag } = await store.create('remembered', Buffer.alloc(64_000_000, 3))
    const again = openFileStore(home)
    const started = performance.now()
    for (let n = 0; n < 20; n++) expect((await again.head('remembered'))?.etag).toBe(etag)
    // Hashing 64 MB twenty times would take seconds.
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('hides what others put there: hidden files, links, half-written files', async () => {
    const store = openFileStore(home)
    await store.create('shown/part-1', 'x')
    await writeFile(join(home, 'shown', '.DS_Store'), 'x')
    await symlink('/etc/hostname', join(home, 'shown', 'link'))
    await writeFile(join(home, '.work', 'tmp', 'half'), 'x')
    const keys: string[] = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toContain('shown/part-1')
    expect(keys.filter((key) => /DS_Store|link|half|\.work/.test(key))).toEqual([])
  })

  it.each(['../', '../beside', '.work/', 'shown/../', '/etc/', 'shown//', 'linked/', 'linked/host', 'shown/part-1/'])(
    'lists nothing below what is no folder of keys: %s',
    async (prefix) => {
      const store = openFileStore(home)
      await mkdir(join(home, 'shown'), { recursive: true })
      await writeFile(join(home, 'shown', 'part-1'), 'x')
      await symlink('/etc', join(home, 'linked')).catch(() => undefined)
      const keys: string[] = []
      for await (const { key } of store.list(prefix)) keys.push(key)
      expect(keys).toEqual([])
    },
  )

  it('says so when a file and a folder would have one name', async () => {
    const store = openFileStore(home)
    await store.create('both/inner', 'x')
    await expect(store.create('both', 'x')).rejects.toThrow(/a file and a folder/)
    await expect(store.create('both/inner/more', 'x')).rejects.toThrow(/a file and a folder/)
  })

  it('says that the disk is full, and keeps what was there', async (test) => {
    const small = await temporaryHome()
    if (!mountSmall(small)) {
      await rm(small, { recursive: true })
      return test.skip('no file system can be mounted here')
    }
    try {
      const store = openFileStore(small)
      const { etag } = await store.create('kept', 'before')
      const large = Buffer.alloc(400_000, 1)
      await expect(store.create('large', large)).rejects.toThrow(
        /^The disk is full: large was not written; nothing was lost/,
      )
      await expect(store.replace('kept', large, etag)).rejects.toThrow(OperatorError)
      expect(await readFile(join(small, 'kept'), 'utf8')).toBe('before')
      expect(await readdir(join(small, '.work', 'tmp'))).toEqual([])
      expect(await store.replace('kept', 'after', etag)).toMatchObject({ size: 5 })
    } finally {
      execFileSync('umount', [small])
      await rm(small, { recursive: true })
    }
  })

  it.each([
    ['ENOSPC', /disk is full.*nothing was lost/],
    ['EACCES', /no permission/i],
    ['EROFS', /read-only/],
    ['EXDEV', /another file system/],
    ['EWHATEVER', /EWHATEVER/],
  ])('turns %s into a sentence for the operator', (code, sentence) => {
    const error = fileError(Object.assign(new Error('raw'), { code }), 'some/key')
    expect(error).toBeInstanceOf(OperatorError)
    expect(error.message).toMatch(sentence)
    expect(error.message).toContain('some/key')
  })
})

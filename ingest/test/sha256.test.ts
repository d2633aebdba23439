import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256Of } from '../src/delivery/sha256.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-sha256-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('hashes files of any size, more at a time than there are threads', async () => {
  const sizes = [
    0,
    1,
    (1 << 20) + 1,
    4 << 20,
    (4 << 20) + 12_345,
    ...Array.from({ length: 20 }, (_, n) => (5 << 20) + n),
  ]
  const files = await Promise.all(
    sizes.map(async (size, index) => {
      const path = join(folder, String(index))
      const body = randomBytes(size)
      await writeFile(path, body)
      return { path, sha256: createHash('sha256').update(body).digest('hex') }
    }),
  )
  expect(await Promise.all(files.map(({ path }) => sha256Of(path)))).toEqual(files.map(({ sha256 }) => sha256))
})

it('says that a file is not there, and goes on with others', async () => {
  await expect(sha256Of(join(folder, 'missing'))).rejects.toThrow(/ENOENT/)
  const path = join(folder, 'there')
  await writeFile(path, Buffer.alloc(5 << 20))
  const folderAsFile = sha256Of(folder)
  await expect(folderAsFile).rejects.toThrow(/EISDIR/)
  expect(await sha256Of(path)).toBe(
    createHash('sha256')
      .update(Buffer.alloc(5 << 20))
      .digest('hex'),
  )
})

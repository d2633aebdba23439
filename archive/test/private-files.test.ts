import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperatorError } from '../src/errors.ts'
import { changePrivate, createPrivate, privateFolder, readPrivate } from '../src/private-files.ts'

let home: string
let folder: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muniment-private-'))
  folder = join(home, 'secrets', 'keys')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const leaked = (path: string) => new RegExp(`^${path} holds secrets .*chmod go-rwx ${path}\\)`)

describe('Private files', () => {
  it('are for this user alone, with every folder that is made for them', async () => {
    await createPrivate(join(folder, 'one'), 'secret')
    expect(await modeOf(join(home, 'secrets'))).toBe('700')
    expect(await modeOf(folder)).toBe('700')
    expect(await modeOf(join(folder, 'one'))).toBe('600')
    await changePrivate(join(folder, 'one'), () => 'another')
    expect(await modeOf(join(folder, 'one'))).toBe('600')
    expect(await readdir(folder)).toEqual(['one'])
  })

  it('are refused, not closed, where others can look into the folder', async () => {
    const file = join(folder, 'one')
    await createPrivate(file, 'secret')
    await chmod(folder, 0o750)
    for (const act of [
      () => privateFolder(folder),
      () => createPrivate(join(folder, 'two'), 'secret'),
      () => changePrivate(file, () => 'another'),
    ]) {
      await expect(act()).rejects.toThrow(OperatorError)
      await expect(act()).rejects.toThrow(leaked(folder))
    }
    expect(await modeOf(folder)).toBe('750')
    expect(await readdir(folder)).toEqual(['one'])
    expect((await readPrivate(file))?.toString()).toBe('secret')
  })

  it('are refused where others can read the file, and neither used, changed nor replaced', async () => {
    const file = join(folder, 'one')
    await createPrivate(file, 'secret')
    await chmod(file, 0o604)
    await expect(readPrivate(file)).rejects.toThrow(leaked(file))
    await expect(createPrivate(file, 'another')).rejects.toThrow(leaked(file))
    await expect(changePrivate(file, () => 'another')).rejects.toThrow(leaked(file))
    await chmod(file, 0o600)
    expect((await readPrivate(file))?.toString()).toBe('secret')
    expect(await readdir(folder)).toEqual(['one'])
  })

  it('are created once: who comes later gets what stands', async () => {
    const file = join(folder, 'one')
    const texts = Array.from({ length: 8 }, (_, at) => `secret ${at}`)
    const got = await Promise.all(texts.map((text) => createPrivate(file, text)))
    const kept = (await readPrivate(file))?.toString() ?? ''
    expect(texts).toContain(kept)
    expect(new Set(got.map(String))).toEqual(new Set([kept]))
    expect(await readdir(folder)).toEqual(['one'])
  })

  it('change one at a time, and a change that fails leaves what was there', async () => {
    const file = join(folder, 'count')
    const count = (text = '0') => String(Number(text) + 1)
    await Promise.all(Array.from({ length: 6 }, () => changePrivate(file, count)))
    const refuse = () => {
      throw new Error('refused')
    }
    await expect(changePrivate(file, refuse)).rejects.toThrow('refused')
    expect((await readPrivate(file))?.toString()).toBe('6')
    expect(await readdir(folder)).toEqual(['count'])
  })

  it('that are not there are undefined, and what is no file is told', async () => {
    expect(await readPrivate(join(folder, 'none'))).toBeUndefined()
    await writeFile(join(home, 'file'), '')
    await expect(readPrivate(join(home, 'file', 'none'))).rejects.toThrow(OperatorError)
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sample } from '../src/commands/sample.ts'

describe('the sample system', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'muniment-sample-'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const write = (out: string) => sample('pas', { policies: '23', seed: '1', out })

  it('is not written over what a folder holds', async () => {
    writeFileSync(join(root, 'manifest.json'), 'mine')
    await expect(write(root)).rejects.toThrow('is not empty (it holds manifest.json): name an empty folder')
    expect(readdirSync(root)).toEqual(['manifest.json'])
    expect(readFileSync(join(root, 'manifest.json'), 'utf8')).toBe('mine')
  })

  it('is not written over a file', async () => {
    await expect(write(join(root, 'manifest.json'))).rejects.toThrow('is a file, and no folder')
  })

  it('is written into a folder that is not there yet, once', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const out = join(root, 'new')
    await write(out)
    expect(said).toHaveBeenCalledWith(expect.stringContaining('files with'))
    said.mockRestore()
    expect(readdirSync(out)).toContain('manifest.json')
    await expect(write(out)).rejects.toThrow('is not empty')
  })
})

import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { World } from '../world.ts'
import { proof, sealedWorld } from './sealed-world.ts'

let world: World
beforeEach(async () => {
  world = await sealedWorld()
  await world.ingest()
})
afterEach(() => world.remove())

async function block(language: string): Promise<string> {
  const page = await readFile(new URL('../../../docs/seals.md', import.meta.url), 'utf8')
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1]
  if (found === undefined) throw new Error(`docs/seals.md has no ${language}.`)
  return found
}

async function checkByPage(given: object): Promise<string> {
  const [script, file] = [join(world.root, 'check.py'), join(world.root, 'proof.json')]
  await writeFile(script, await block('python'))
  await writeFile(file, JSON.stringify(given))
  return execFileSync('python3', [script, file], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PYTHONUTF8: '1', ...process.env },
  })
}

describe('the page for strangers', () => {
  it('checks real proofs, masked or not, with its own script', async () => {
    const whole = await proof(world, '1')
    expect(await checkByPage(whole)).toContain(`root ${whole.root}`)
    expect(await checkByPage(whole)).toContain('Weiß, "Änne"')
    expect(await checkByPage(await proof(world, '3'))).toContain('app things row 2')
    const masked = await checkByPage(await proof(world, '1', { without: ['personal'] }))
    expect(masked).toContain('name (masked)')
    expect(masked).not.toContain('Änne')
  })

  it('refuses changed ones', async () => {
    const one = await proof(world, '1')
    const { row } = one
    for (const changed of [
      { ...one, root: '0'.repeat(64) },
      { ...one, row: { ...row, values: { ...row.values, factor: '1.0' } } },
      { ...one, row: { ...row, values: { ...row.values, hand: null } } },
      { ...one, row: { ...row, number: 1 } },
      { ...one, load: { ...one.load, description: one.load.description.replace('"objects":4', '"objects":5') } },
    ])
      await expect(checkByPage(changed)).rejects.toThrow('AssertionError')
  })

  it('works out a row by hand with sha256sum alone', async () => {
    expect(execFileSync('bash', ['-c', await block('sh')], { encoding: 'utf8' })).toBe(await block('text'))
  })
})

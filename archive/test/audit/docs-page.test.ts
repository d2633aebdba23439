import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Proof, prove } from '../../src/audit/find/prove.ts'
import { opening, testLog } from './setting.ts'

const page = await readFile(new URL('../../../docs/audit-log.md', import.meta.url), 'utf8')
const block = (kind: string) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? ''
const folder = await mkdtemp(join(tmpdir(), 'audit-page-'))
afterAll(() => rm(folder, { recursive: true }))

const has = (tool: string, word: string) => spawnSync(tool, [word]).status === 0
const tools = has('python3', '--version') && has('openssl', 'version')
if (!tools) console.warn('The page about the audit log is not tested: there is no python3 or no openssl.')

/** Runs what the page says, in a folder that holds only the proof, the key and the script. */
async function follow(proof: Proof, key: string) {
  await writeFile(join(folder, 'proof.json'), JSON.stringify(proof, null, 2))
  await writeFile(join(folder, 'log.key'), `${key}\n`)
  await writeFile(join(folder, 'check.py'), block('python'))
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', block('sh')], { cwd: folder, encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

describe.skipIf(!tools)('The page about the audit log', () => {
  it('checks a proof without our software, in twenty-some lines', async () => {
    const log = testLog()
    const writer = log.writer()
    const ids: string[] = []
    for (let number = 0; number < 12; number++) {
      ids.push(await writer.note(opening({ subject: { number, text: 'Ünïcode "quoted" \\ \n' } }), { outcome: 'done' }))
      if (number % 5 === 0) await log.seal()
    }
    await log.seal()
    expect(block('python').trim().split('\n').length).toBeLessThan(28)
    for (const id of [ids[0], ids[7], ids[11]]) {
      const proof = await prove(log.store, id ?? '')
      const { status, said } = await follow(proof, log.key)
      expect({ status, said }).toMatchObject({ status: 0 })
      expect(said).toContain(block('text').trim())
      expect(said.match(/is in the log/g)).toHaveLength(2)
    }
  })

  it('refuses a proof with another entry, place, hash, root or key', async () => {
    const log = testLog()
    const writer = log.writer()
    for (let number = 0; number < 5; number++) await writer.note(opening(), { outcome: 'done' })
    const id = await writer.open(opening())
    await log.seal()
    const proof = await prove(log.store, id)
    const [entry] = proof.entries
    if (!entry) throw new Error('there is a proof')
    const forged: Proof[] = [
      { ...proof, entries: [{ ...entry, text: entry.text.replace('p-1', 'p-2') }] },
      { ...proof, entries: [{ ...entry, index: entry.index - 1 }] },
      { ...proof, entries: [{ ...entry, hashes: entry.hashes.slice(1) }] },
      { ...proof, entries: [{ ...entry, hashes: [...entry.hashes].reverse() }] },
      { ...proof, checkpoint: proof.checkpoint.replace('\n12\n', '\n13\n') },
    ]
    for (const one of forged) expect((await follow(one, log.key)).status).not.toBe(0)
    expect((await follow(proof, testLog().key)).status).not.toBe(0)
    expect((await follow(proof, log.key)).status).toBe(0)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runExamples } from '../src/publish/examples.ts'
import { type SampleArchive, sampleArchive, TEMPLATES_ROOT } from './sample-archive.ts'

let archive: SampleArchive
beforeAll(async () => {
  archive = await sampleArchive({ policies: 1000, seed: 1 })
})
afterAll(() => archive?.close())

describe('examples before templates are published', () => {
  it('all run, and are counted with the least that is billed of each statement', async () => {
    const { findings, examples, bytes } = await runExamples(archive.engine, TEMPLATES_ROOT, 'pas', 20e9)
    expect(findings).toEqual([])
    expect(examples).toBeGreaterThan(150)
    expect(bytes).toBeGreaterThanOrEqual(examples * 10_000_000)
  })

  it('stop at the bound: what was not run is a finding, and nothing that was', async () => {
    const { findings, examples, bytes } = await runExamples(archive.engine, TEMPLATES_ROOT, 'pas', 50_000_000)
    expect(findings.length).toBeGreaterThan(examples - 20)
    for (const { message } of findings) expect(message).toContain('It was not run: the examples before it have read')
    // Those that were at work when it was reached.
    expect(bytes).toBeLessThan(50_000_000 + 8 * 20_000_000)
  })

  it('are findings where the records are not as they promise', async () => {
    const none: typeof archive.engine = { ...archive.engine, rows: async function* () {} }
    const { findings } = await runExamples(none, TEMPLATES_ROOT, 'pas', 20e9)
    expect(findings.map(({ message }) => message)).toContainEqual(expect.stringMatching(/rows are expected, 0 came/))
  })
})

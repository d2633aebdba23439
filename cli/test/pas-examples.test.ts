import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleArchive, sampleArchive, TEMPLATES_ROOT } from './sample-archive.ts'

describe.each([
  { policies: 1000, seed: 1 },
  { policies: 1000, seed: 20241231 },
])('The templates of pas over $policies policies with seed $seed', (size) => {
  let archive: SampleArchive

  beforeAll(async () => {
    archive = await sampleArchive(size)
  })
  afterAll(() => archive?.close())

  it('fit the catalog and are understood by the engine', async () => {
    const catalog = await archive.catalog.read('pas')
    expect(catalog?.tables).toHaveLength(archive.templates.application.tables.length)
    const findings = await checkTemplates(TEMPLATES_ROOT, 'pas', {
      ...(catalog ? { catalog } : {}),
      engine: archive.engine,
    })
    expect(findings).toEqual([])
  })

  it('find what their examples promise', async () => {
    const ran: string[] = []
    const findings = await checkExamples(archive.templates, runWith(archive.engine), {
      onExample: (query) => ran.push(query.name),
    })
    expect(findings).toEqual([])
    expect(new Set(ran)).toEqual(new Set(archive.templates.queries.keys()))
  })
})

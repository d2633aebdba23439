import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { loadTemplates } from '@muniment/query-templates/load'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKOUT, docFiles, writeDocFiles } from './doc-blocks.ts'
import { type SampleArchive, sampleArchive, TEMPLATES_ROOT } from './sample-archive.ts'

let folder: string
let archive: SampleArchive

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-readme-'))
  await cp(join(TEMPLATES_ROOT, 'pas'), join(folder, 'pas'), { recursive: true })
  await writeDocFiles(docFiles(await readFile(join(CHECKOUT, 'README.md'), 'utf8')), folder)
  archive = await sampleArchive({ policies: 1000 })
})
afterAll(async () => {
  await archive?.close()
  await rm(folder, { recursive: true, force: true })
})

describe('The use case in the README', () => {
  it('is in order by its files, the catalog and the engine', async () => {
    const catalog = await archive.catalog.read('pas')
    const options = { engine: archive.engine, ...(catalog ? { catalog } : {}) }
    expect(await checkTemplates(folder, 'pas', options)).toEqual([])
  })

  it('finds what its example promises', async () => {
    const templates = await loadTemplates(folder, 'pas')
    const ran: string[] = []
    const findings = await checkExamples(templates, runWith(archive.engine), {
      queries: ['staff-policies'],
      onExample: (_query, { title }) => ran.push(title),
    })
    expect(findings).toEqual([])
    expect(ran).toEqual(['All of them'])
    expect(templates.useCases.get('staff-policies')?.title).toBe('Policies on staff terms')
  })
})

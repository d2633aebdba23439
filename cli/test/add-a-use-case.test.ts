import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { loadTemplates } from '@muniment/query-templates/load'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DocFile, docFiles, readDoc, writeDocFiles } from './doc-blocks.ts'
import { type SampleArchive, sampleArchive, TEMPLATES_ROOT } from './sample-archive.ts'

let folder: string
let templatesRoot: string
let page: string
let files: DocFile[]
let archive: SampleArchive

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-use-case-'))
  templatesRoot = join(folder, 'query-templates')
  await cp(join(TEMPLATES_ROOT, 'pas'), join(templatesRoot, 'pas'), { recursive: true })
  page = await readDoc('add-a-use-case.md')
  files = docFiles(page)
  archive = await sampleArchive({ policies: 1000 })
})
afterAll(async () => {
  await archive?.close()
  await rm(folder, { recursive: true, force: true })
})

describe('The page about adding a use case', () => {
  it('shows a query of three files and a use case, and none of them is shipped', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'query-templates/pas/queries/ended-policies/query.json',
      'query-templates/pas/queries/ended-policies/query.sql.njk',
      'query-templates/pas/queries/ended-policies/view.html.njk',
      'query-templates/pas/use-cases/ended-policies.json',
    ])
    expect(archive.templates.useCases.has('ended-policies')).toBe(false)
  })

  it('adds a use case that a running server shows without a restart', async () => {
    const library = createTemplateLibrary(templatesRoot, { lookEvery: 0 })
    expect([...(await library.get('pas')).useCases.keys()]).not.toContain('ended-policies')
    await writeDocFiles(files, templatesRoot)
    const after = await library.get('pas')
    expect(after.problem).toBeUndefined()
    expect(after.useCases.get('ended-policies')).toMatchObject({
      title: 'Ended policies',
      parameters: [{ name: 'ended_from' }, { name: 'ended_to' }, { name: 'status' }],
    })
  })

  it('shows files in which the check and the engine find nothing', async () => {
    const catalog = await archive.catalog.read('pas')
    const options = { engine: archive.engine, ...(catalog ? { catalog } : {}) }
    expect(await checkTemplates(templatesRoot, 'pas', options)).toEqual([])
  })

  it('shows examples that find what they promise', async () => {
    const templates = await loadTemplates(templatesRoot, 'pas')
    const ran: string[] = []
    const findings = await checkExamples(templates, runWith(archive.engine), {
      queries: ['ended-policies'],
      onExample: (_query, { title }) => ran.push(title),
    })
    expect(findings).toEqual([])
    expect(ran).toEqual(['March 2017, expired', 'Before there were policies'])
  })

  it('quotes what the check says about a misspelt parameter', async () => {
    const sql = join(templatesRoot, 'pas', 'queries', 'ended-policies', 'query.sql.njk')
    const right = await readFile(sql, 'utf8')
    await writeFile(sql, right.replace('{{ ended_from }}', '{{ ended_form }}'))
    const findings = await checkTemplates(templatesRoot, 'pas')
    await writeFile(sql, right)
    const said = findings.map(({ file, line, message, hint }) => `${file}:${line}: ${message} (${hint})`)
    expect(said).toHaveLength(1)
    expect(page).toContain(`\n${said[0]}\n`)
  })
})

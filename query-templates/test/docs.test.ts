import { readFileSync } from 'node:fs'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { loadTemplates } from '@muniment/query-templates/load'
import {
  Example,
  Link,
  OutputColumn,
  Panel,
  Parameter,
  QueryFile,
  UseCaseExample,
  UseCaseFile,
} from '@muniment/query-templates/types'
import { examineView } from '@muniment/query-templates/view/check'
import { COLUMN_KEYS, COMPONENTS, FILTERS, PANEL_KEYS } from '@muniment/query-templates/view/components'
import { describe, expect, test } from 'vitest'
import { openArchive } from './support/engine.ts'
import { query, templatesFolder } from './support/templates.ts'

const DOCS = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8')

const files = () =>
  Object.fromEntries(
    [...DOCS.matchAll(/^`((?:queries|use-cases)\/[^`]+)`\n\n```\w+\n([\s\S]*?)```/gm)].map(([, path, text]) => [
      `library/${path}`,
      text ?? '',
    ]),
  )

describe('the reference of the template language', () => {
  test('has an example that passes the check and whose examples come true', async () => {
    const root = templatesFolder(files())
    expect(Object.keys(files())).toHaveLength(4)
    const archive = await openArchive(root)
    try {
      const options = { catalog: archive.snapshot, engine: archive.engine }
      expect(await checkTemplates(root, 'library', options)).toEqual([])
      const documented = ['loans-of-reader', 'loans-out']
      const seen: string[] = []
      const onExample = (of: { name: string }, example: { title: string }) => {
        if (documented.includes(of.name)) seen.push(example.title)
      }
      const templates = await loadTemplates(root, 'library')
      expect(await checkExamples(templates, runWith(archive.engine), { onExample })).toEqual([])
      expect(seen).toEqual(['A name with an umlaut', 'A reader who kept one'])
    } finally {
      await archive.close()
    }
  })

  test('has views that pass the check', () => {
    const views = [...DOCS.matchAll(/```html\n([\s\S]*?)```/g)].map(([, view]) => view ?? '')
    expect(views).toHaveLength(2)
    for (const view of views) expect(examineView(query({ view })).findings).toEqual([])
  })

  test.each([
    ['keys of query.json', Object.keys(QueryFile.shape)],
    ['keys of a parameter', Object.keys(Parameter.shape)],
    ['types of a parameter', Parameter.shape.type.options],
    ['keys of a column', Object.keys(OutputColumn.shape)],
    ['formats', OutputColumn.shape.format.unwrap().options],
    ['keys of a link', Object.keys(Link.shape)],
    ['keys of an example', Object.keys(Example.shape)],
    ['keys of an example of a use case', Object.keys(UseCaseExample.shape)],
    ['keys of a use case', Object.keys(UseCaseFile.shape)],
    ['keys of a panel', Object.keys(Panel.shape)],
    ['properties of the panel in a view', [...PANEL_KEYS, ...COLUMN_KEYS]],
    ['filters', [...FILTERS]],
  ])('names all %s', (_, names) => {
    expect(names.filter((name) => !DOCS.includes(`\`${name}\``))).toEqual([])
  })

  test('names all components with their arguments', () => {
    const signatures = [...COMPONENTS].map(([name, { parameters }]) => `${name}(${parameters.join(', ')})`)
    expect(signatures.filter((signature) => !DOCS.includes(`\`${signature}\``))).toEqual([])
  })
})

import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkTemplates } from '../src/check.ts'
import { loadTemplates } from '../src/load.ts'
import type { Templates } from '../src/port.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

describe('The shipped templates of pas', () => {
  let pas: Templates

  beforeAll(async () => {
    pas = await loadTemplates(ROOT, 'pas')
  })

  it('have nothing that the check would find', async () => {
    expect(await checkTemplates(ROOT, 'pas')).toEqual([])
  })

  it('cover all four domains with twenty queries and sixteen use cases at least', () => {
    const domains = pas.application.domains.map(({ name }) => name).sort()
    expect([...new Set([...pas.queries.values()].map(({ domain }) => domain))].sort()).toEqual(domains)
    expect([...new Set([...pas.useCases.values()].map(({ domain }) => domain))].sort()).toEqual(domains)
    expect(pas.queries.size).toBeGreaterThanOrEqual(20)
    expect(pas.useCases.size).toBeGreaterThanOrEqual(16)
  })

  it('are each shown somewhere', () => {
    const shown = new Set([...pas.useCases.values()].flatMap(({ panels }) => panels.map(({ query }) => query)))
    expect([...pas.queries.keys()].filter((name) => !shown.has(name))).toEqual([])
  })

  it('lead to every file from somewhere else', () => {
    const reached = new Map<string, Set<string>>()
    for (const useCase of pas.useCases.values())
      for (const { query } of useCase.panels)
        for (const { link } of pas.queries.get(query)?.columns ?? [])
          if (link && link.useCase !== useCase.name)
            reached.set(link.useCase, (reached.get(link.useCase) ?? new Set()).add(useCase.name))
    for (const file of ['customer-file', 'policy-file', 'claim-file', 'agent-file', 'statement-of-account'])
      expect([...(reached.get(file) ?? [])], file).not.toEqual([])
  })

  it('say what each amount is in', () => {
    for (const query of pas.queries.values())
      for (const column of query.columns)
        if (/^decimal/.test(column.type) && column.format !== 'percent')
          expect(column.currency, `${query.name}.${column.name}`).toBe('currency')
  })

  it('serve a use case each by two queries at most, in the mean', () => {
    expect(pas.queries.size).toBeLessThanOrEqual(2 * pas.useCases.size)
  })

  it('prove with an example of its own what each panel of a file finds that takes its query otherwise than it is', () => {
    for (const { name, kind, panels, examples } of pas.useCases.values()) {
      const proved = new Set(examples.flatMap(({ expect: expected }) => Object.keys(expected)))
      const otherwise = panels.filter(({ inputs }) => kind === 'file' && Object.keys(inputs).length > 0)
      expect(
        otherwise.filter((panel) => !proved.has(panel.name)).map((panel) => panel.name),
        name,
      ).toEqual([])
    }
  })

  it('show between three and ten columns of a table', () => {
    for (const useCase of pas.useCases.values())
      for (const panel of useCase.panels.filter(({ layout }) => layout === 'table')) {
        const shown = panel.columns ?? pas.queries.get(panel.query)?.columns.filter(({ hidden }) => !hidden) ?? []
        expect(shown.length, `${useCase.name}: ${panel.name}`).toBeGreaterThanOrEqual(3)
        expect(shown.length, `${useCase.name}: ${panel.name}`).toBeLessThanOrEqual(10)
      }
  })

  it('say what to do next where nothing is found', () => {
    for (const query of pas.queries.values()) expect(query.empty, query.name).toMatch(/^[A-Z].+\.$/)
  })

  it('have an example that finds something and one that finds nothing, for each query', () => {
    for (const query of pas.queries.values()) {
      const none = query.examples.filter(({ expect: expected }) => expected.rows === 0)
      expect(query.examples.length - none.length, query.name).toBeGreaterThanOrEqual(1)
      expect(none.length, query.name).toBeGreaterThanOrEqual(1)
    }
  })

  it('are found by several words a person might use instead', () => {
    for (const useCase of pas.useCases.values()) {
      expect(useCase.keywords.length, useCase.name).toBeGreaterThanOrEqual(6)
      expect(new Set(useCase.keywords.map((word) => word.toLowerCase())).size, useCase.name).toBe(
        useCase.keywords.length,
      )
    }
  })
})

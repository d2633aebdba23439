import type { Statement } from '@muniment/archive/engine/port'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import { panelInputs } from '@muniment/query-templates/panel-inputs'
import type { Templates } from '@muniment/query-templates/port'

export interface Case {
  title: string
  statement: Statement
}

/** Every example of every query in each declared order, and of every use case in all its panels; what comes to the same only once. */
export function exampleCases(templates: Templates): Case[] {
  const cases = new Map<string, Case>()
  const add = (title: string, statement: Statement) => {
    const key = JSON.stringify([statement.sql, statement.values])
    if (!cases.has(key)) cases.set(key, { title, statement })
  }
  const { application } = templates
  for (const query of templates.queries.values())
    for (const { title, inputs } of query.examples) {
      const checked = checkInputs(query, inputs, application)
      add(`${query.name}: ${title}`, bind(templates, query, checked))
    }
  for (const useCase of templates.useCases.values())
    for (const { title, inputs } of useCase.examples) {
      const checked = checkInputs(useCase, inputs, application)
      for (const panel of useCase.panels) {
        const query = templates.queries.get(panel.query)
        if (!query) throw new Error(`${useCase.name} has a panel of ${panel.query}, which is not there.`)
        const bound = panelInputs(query, panel, checked, application)
        const sort = panel.sort === undefined ? {} : { sort: panel.sort }
        add(`${useCase.name}, ${panel.name}: ${title}`, bind(templates, query, bound, sort))
      }
    }
  // Each declared order at least once.
  for (const query of templates.queries.values())
    for (const { name } of query.sorts) {
      const [example] = query.examples
      const inputs = checkInputs(query, example?.inputs ?? {}, application)
      add(`${query.name} by ${name}: ${example?.title}`, bind(templates, query, inputs, { sort: name }))
    }
  return [...cases.values()]
}

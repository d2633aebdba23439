import { formNameOf } from '@muniment/query-templates/panel-inputs'
import type { Panel, Query } from '@muniment/query-templates/types'
import type { ParameterDescription } from '../contract.ts'

/** What an input of a form means, by what the queries make of it: what is compared by its sound is a name. */
export function meaningOf(
  panels: ReadonlyArray<Pick<Panel, 'query' | 'inputs'>>,
  queries: ReadonlyMap<string, Pick<Query, 'parameters'>>,
  input: string,
): ParameterDescription['means'] {
  const transforms = panels.flatMap((panel) =>
    (queries.get(panel.query)?.parameters ?? []).flatMap(({ name, transform }) =>
      formNameOf(panel, name) === input ? (transform ?? []) : [],
    ),
  )
  if (transforms.includes('phonetic')) return 'name'
  return transforms.includes('plate') ? 'plate' : undefined
}

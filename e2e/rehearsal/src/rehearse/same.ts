import { deepStrictEqual } from 'node:assert'
import type { Search } from '@muniment/api/contract'
import type { Api } from './api.ts'

export interface Side {
  readonly api: Api
  readonly token: string
}

/** What a panel shows, without what differs from run to run: times, bytes, ids. */
const shown = ({ panels, inForce, state }: Search) => ({
  state,
  masks: inForce?.masks,
  rowRules: inForce?.rowRules,
  panels: panels.map(({ name, state: ended, rows, more, lacks, columns, problem }) => ({
    name,
    state: ended,
    rows,
    more,
    lacks,
    columns,
    problem,
  })),
})

/** Throws where the same person is shown something else by one side than by the other, down to the HTML of each panel. */
export async function sameAnswers(useCase: string, inputs: Record<string, string>, aws: Side, embedded: Side) {
  const there = await aws.api.search(aws.token, { useCase, inputs })
  const here = await embedded.api.search(embedded.token, { useCase, inputs })
  deepStrictEqual(shown(there), shown(here))
  for (const { name, state } of there.panels) {
    const [theirs, ours] = await Promise.all([fragment(aws, there, name), fragment(embedded, here, name)])
    deepStrictEqual(theirs, ours, `${useCase}, panel ${name} (${state})`)
  }
  return { there, here }
}

async function fragment({ api, token }: Side, { id }: Search, panel: string) {
  const { status, body } = await api.ask('GET', `/api/searches/${id}/panels/${panel}`, { token })
  return { status, body: body.replaceAll(id, 'ID').replaceAll(/"instance":"[^"]*"/g, '') }
}

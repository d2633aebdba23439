import { OpenAPIHono } from '@hono/zod-openapi'
import type { Rights } from '@muniment/archive/access/port'
import type { Person } from '@muniment/archive/identity/port'
import type { Context } from 'hono'
import { Problem } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import type { Acting } from './acting.ts'
import { issueSentences } from './issue-sentences.ts'

export interface AppEnv {
  Variables: { person: Person; rights: Rights }
}

export const actingIn = (c: Context<AppEnv>): Acting => ({ person: c.get('person'), rights: c.get('rights') })

/** A feature's routes; whatever does not fit its schemas is answered with the sentences of all that is wrong at once. */
export const createRouter = () =>
  new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const fields = issueSentences(result.error.issues, 'data' in result ? result.data : undefined)
      throw new ProblemError('invalid-request', [...new Set(Object.values(fields))].join(' '), { fields })
    },
  })

/** Declares JSON as an answer. */
export const json = <T>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const problemContent = { 'application/problem+json': { schema: Problem } }
const sentences = {
  400: 'Something in the request cannot be used; `fields` says what.',
  401: 'Nobody is signed in.',
  403: 'Refused: the request came from another site.',
  404: 'There is nothing at this address, or you may not see it.',
  406: 'The address gives no such media type.',
  409: 'Not in the state for this.',
  410: 'No longer kept: run the search again.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The query could not be carried out.',
  429: 'More than one person may take; `Retry-After` says when to try again.',
  500: 'A fault on our side; `instance` is its id in the log.',
  503: 'Interrupted; trying again may help.',
} satisfies Record<number, string>

/** Declares problem documents as answers. */
export const problems = <S extends keyof typeof sentences>(...statuses: S[]) =>
  Object.fromEntries(
    statuses.map((status) => [status, { description: sentences[status], content: problemContent }]),
  ) as unknown as Record<S, { description: string; content: typeof problemContent }>

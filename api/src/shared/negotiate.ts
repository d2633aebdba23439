import type { MiddlewareHandler } from 'hono'
import { ProblemError } from '../errors.ts'

/** Whether `Accept` admits the media type; wildcards count, `q=0` refuses. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (!accept) return true
  const family = `${type.split('/', 1)[0]}/*`
  let best: { rank: number; admitted: boolean } | undefined
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const rank = [type, family, '*/*'].indexOf(range)
    if (rank < 0 || (best && best.rank <= rank)) continue
    best = { rank, admitted: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
  }
  return best?.admitted ?? false
}

/** 406 where the asker takes none of what this address gives. */
export const gives =
  (...types: string[]): MiddlewareHandler =>
  async (c, next) => {
    const accept = c.req.header('accept')
    if (!types.some((type) => accepts(accept, type))) {
      throw new ProblemError('not-acceptable', `This address gives ${types.join(' or ')}.`)
    }
    await next()
  }

import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'

/** One line a request: the pattern of its route, never its path, its inputs or what was found. */
export const requestLog =
  (log: Logger): MiddlewareHandler =>
  async (c, next) => {
    const began = performance.now()
    await next()
    const ms = Math.round((performance.now() - began) * 10) / 10
    log.info({ method: c.req.method, route: routePath(c, -1), status: c.res.status, ms }, 'request')
  }

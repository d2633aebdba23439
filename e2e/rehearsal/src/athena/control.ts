import type { Athena } from './service.ts'
import { changeSettings } from './settings.ts'

/**
 * What AWS has not: tests ask for failures and lower limits. `/_rehearsal/faults` takes GET, POST (one fault) and
 * DELETE, `/_rehearsal/settings` GET and PATCH.
 */
export function controlFaults(
  athena: Athena,
  method: string,
  path: string,
  body: string,
): { status: number; body: string } {
  const ok = (value: unknown) => ({ status: 200, body: JSON.stringify(value) })
  try {
    switch (`${method} ${path}`) {
      case 'POST /_rehearsal/faults':
        athena.faults.add(JSON.parse(body))
        return ok(athena.faults.list())
      case 'DELETE /_rehearsal/faults':
        athena.faults.clear()
        return ok([])
      case 'GET /_rehearsal/faults':
        return ok(athena.faults.list())
      case 'PATCH /_rehearsal/settings':
        changeSettings(athena.settings, JSON.parse(body) as Record<string, unknown>)
        return ok(athena.settings)
      case 'GET /_rehearsal/settings':
        return ok(athena.settings)
      default:
        return { status: 404, body: JSON.stringify({ message: `There is no ${method} ${path}.` }) }
    }
  } catch (error) {
    return { status: 400, body: JSON.stringify({ message: (error as Error).message }) }
  }
}

import { MunimentError } from '@muniment/archive/errors'
import { resolveAgain } from '@muniment/archive/holds/resolve-again'
import type { RetentionDeps } from '../deps.ts'
import type { Plan } from '../run/types.ts'
import { holdDeps } from './hold-deps.ts'

/**
 * For the preflight of a run: finds again what the standing holds protect, and gives the reasons why the run may not begin where that cannot
 * be found out; none: it may, as far as this goes.
 */
export async function resolveBeforeRun(
  deps: RetentionDeps,
  { application }: Pick<Plan, 'application'>,
): Promise<string[]> {
  try {
    await resolveAgain(holdDeps(deps), application)
    return []
  } catch (error) {
    if (error instanceof MunimentError) return [error.message]
    throw error
  }
}

import type { UseCaseDescription } from '@muniment/api/contract'
import { isoDay } from './format.ts'

/** The form as it stands before anybody typed: defaults, `today` as the day it is here. */
export function initialInputs(useCase: UseCaseDescription): Record<string, string | string[]> {
  const today = isoDay(new Date())
  return Object.fromEntries(
    useCase.parameters.flatMap(({ name, type, list, default: preset }) => {
      if (preset === undefined) return []
      const value = type === 'date' && preset === 'today' ? today : preset
      return [[name, list ? [value] : value]]
    }),
  )
}

import type { UseCaseDescription } from '@muniment/api/contract'
import { useEstimate } from '../../api/estimate.ts'
import { formatBytes, formatPrice } from '../../lib/format.ts'
import { text } from './text.ts'
import { cleanInputs, type Inputs, validate } from './validate.ts'

/** What the search would read at most, beside its button; nothing while that is not known. */
export function CostLine({ useCase, inputs }: { useCase: UseCaseDescription; inputs: Inputs }) {
  const { application, name, parameters } = useCase
  const canAsk = validate(useCase, inputs).length === 0
  const found = useEstimate(
    canAsk ? { application, useCase: name, inputs: cleanInputs(inputs, parameters) } : undefined,
  )
  const { bytesAtMost, priceAtMost, refused } = found ?? {}
  return (
    <span className="form__cost" role="status">
      {refused !== undefined
        ? text.refused(refused)
        : bytesAtMost !== undefined
          ? text.cost(formatBytes(bytesAtMost), priceAtMost ? formatPrice(priceAtMost) : undefined)
          : null}
    </span>
  )
}

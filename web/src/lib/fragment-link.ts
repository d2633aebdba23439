import { isRecord } from './kept.ts'

export interface FragmentLink {
  useCase: string
  inputs: Record<string, string | string[]>
}

/** The inputs of `data-inputs`: texts and lists of texts, anything else is dropped. */
export function readInputs(json: string | undefined): FragmentLink['inputs'] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(json ?? '{}')
  } catch {
    return undefined
  }
  if (!isRecord(parsed)) return undefined
  const inputs: FragmentLink['inputs'] = {}
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === 'string') inputs[name] = value
    else if (Array.isArray(value)) inputs[name] = value.filter((item): item is string => typeof item === 'string')
  }
  return inputs
}

/** What an element of a fragment opens: itself a link, or a row with one. */
export function linkOf(element: Element | null | undefined): FragmentLink | undefined {
  const holder =
    element instanceof HTMLElement && element.dataset.useCase
      ? element
      : element?.querySelector<HTMLElement>('[data-use-case]')
  const useCase = holder?.dataset.useCase
  const inputs = readInputs(holder?.dataset.inputs)
  return useCase && inputs ? { useCase, inputs } : undefined
}

import type { ParameterDescription, UseCaseDescription } from '@muniment/api/contract'

export interface Recognised {
  useCase: UseCaseDescription
  parameter: ParameterDescription
}

/** How a value is built: `POL-1998-000417` and `PV-2003-000001` have the same shape, `K07` has another. */
const shapeOf = (text: string): string =>
  text
    .toUpperCase()
    .replace(/\p{Letter}+/gu, 'A')
    .replace(/\p{Number}/gu, '9')

const lettersOf = (text: string): string => text.toUpperCase().replace(/\P{Letter}+/gu, '')

function fits(parameter: ParameterDescription, typed: string): boolean {
  if (parameter.list || (parameter.type !== 'string' && parameter.type !== 'integer')) return false
  if (typed.length > parameter.maxLength) return false
  // Only the pattern tells a claim number from a customer's: both may be a letter and digits.
  if (!parameter.pattern) return parameter.example !== undefined && shapeOf(parameter.example) === shapeOf(typed)
  try {
    // A pattern that fits any word tells nothing about this one.
    const pattern = new RegExp(`^(?:${parameter.pattern.regex})$`, 'u')
    return pattern.test(typed) && !pattern.test('anything')
  } catch {
    return false
  }
}

/** Whether a search by this input alone is complete. */
function isEnough(useCase: UseCaseDescription, name: string): boolean {
  return (
    useCase.parameters.every((other) => other.name === name || !other.required || other.default !== undefined) &&
    useCase.requireOneOf.every((group) => group.includes(name))
  )
}

/**
 * Use cases that the typed text could be the number of: a policy number pasted from an e-mail leads to the policy. Only texts
 * with a digit are looked at, words are looked up as words. Files before lists; of two files the one whose example begins alike,
 * then the one with the plainer title.
 */
export function recognise(useCases: readonly UseCaseDescription[], typed: string): Recognised[] {
  const value = typed.trim()
  if (value.length < 4 || !/\d/.test(value)) return []
  const order = { file: 0, search: 1, report: 2 }
  const isAlike = ({ parameter }: Recognised) => lettersOf(parameter.example ?? '') === lettersOf(value)
  return useCases
    .flatMap((useCase) => {
      const parameter = useCase.parameters.find((one) => fits(one, value) && isEnough(useCase, one.name))
      return parameter ? [{ useCase, parameter }] : []
    })
    .sort(
      (left, right) =>
        order[left.useCase.kind] - order[right.useCase.kind] ||
        Number(isAlike(right)) - Number(isAlike(left)) ||
        left.useCase.title.length - right.useCase.title.length,
    )
    .slice(0, 5)
}

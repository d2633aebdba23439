import { didYouMean } from '../json-file.ts'
import type { Templates } from '../port.ts'
import type { Link } from '../types.ts'
import { neededBy } from '../use-cases.ts'

export interface LinkProblem {
  path: PropertyKey[]
  message: string
  hint?: string | undefined
}

/** A link's target, what it gives it, and where it takes that from. */
export function linkProblems(templates: Templates, link: Link, columns: string[]): LinkProblem[] {
  const problems = targetProblems(templates, link.useCase, Object.keys(link.inputs))
  for (const [parameter, column] of Object.entries(link.inputs))
    if (!columns.includes(column))
      problems.push({
        path: ['inputs', parameter],
        message: `There is no column \`${column}\` to take \`${parameter}\` from.`,
        hint: didYouMean(column, columns),
      })
  const target = templates.useCases.get(link.useCase)
  const names = target?.parameters.map(({ name }) => name) ?? []
  for (const [index, name] of link.carry.entries())
    if (target && !names.includes(name))
      problems.push({
        path: ['carry', index],
        message: `\`${link.useCase}\` has no input \`${name}\` to carry on.`,
        hint: didYouMean(name, names),
      })
  return problems
}

/** The target exists, declares what it is given, and is given what it needs. */
export function targetProblems(templates: Templates, useCase: string, inputs: string[]): LinkProblem[] {
  const target = templates.useCases.get(useCase)
  if (!target)
    return [
      {
        path: ['useCase'],
        message: `There is no use case \`${useCase}\`.`,
        hint: didYouMean(useCase, templates.useCases.keys()),
      },
    ]
  const names = target.parameters.map(({ name }) => name)
  const problems: LinkProblem[] = []
  for (const input of inputs)
    if (!names.includes(input))
      problems.push({
        path: ['inputs', input],
        message: `\`${useCase}\` has no input \`${input}\`.`,
        hint: didYouMean(input, names),
      })
  for (const name of neededBy(target))
    if (!inputs.includes(name))
      problems.push({ path: ['inputs'], message: `\`${useCase}\` needs \`${name}\`, which the link does not give.` })
  for (const group of target.requireOneOf)
    if (!group.some((name) => inputs.includes(name)))
      problems.push({ path: ['inputs'], message: `\`${useCase}\` needs one of ${group.join(', ')}.` })
  return problems
}

import type { Application } from '../model/types.ts'
import type { HoldScope, ScopeCondition } from './types.ts'

const listed = (values: readonly string[]) =>
  values.length > 5 ? `${values.slice(0, 5).join(', ')} and ${values.length - 5} more` : values.join(', ')

/** What a hold covers, as a sentence. */
export function scopeSentence(scope: HoldScope, model: Application): string {
  const table = (name: string) => model.tables.find((each) => each.name === name)
  const title = (name: string) => table(name)?.title ?? name
  const domain = (name: string) => model.domains.find((each) => each.name === name)?.title ?? name
  switch (scope.kind) {
    case 'keys':
      return `${title(scope.table)}: ${listed(scope.keys.map((key) => key.join(' / ')))}, with everything that belongs to ${scope.keys.length === 1 ? 'it' : 'them'}.`
    case 'person':
      return `The person ${scope.key.join(' / ')} with everything that belongs to them, under all their numbers.`
    case 'condition':
      return `${title(scope.table)} where ${scope.where.map((each) => said(each, scope.table)).join(' and ')}, also those that are loaded later, with everything that belongs to them.`
    case 'class':
      return `All records of the class ${scope.class} of ${domain(scope.domain)}.`
    case 'domain':
      return `Everything of ${domain(scope.domain)}.`
    case 'application':
      return `Everything of ${model.title}.`
  }

  function said({ column: name, in: among, from, to }: ScopeCondition, of: string): string {
    const label = table(of)?.columns.find((each) => each.name === name)?.label ?? name
    return [
      ...(among ? [`${label} is ${among.length === 1 ? listed(among) : `one of ${listed(among)}`}`] : []),
      ...(from === undefined ? [] : [`${label} is ${from} or later or more`]),
      ...(to === undefined ? [] : [`${label} is ${to} or earlier or less`]),
    ].join(' and ')
  }
}

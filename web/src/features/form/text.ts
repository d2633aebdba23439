const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })

const all = new Intl.ListFormat('en-GB', { type: 'conjunction' })

export const text = {
  search: 'Search',
  searching: 'Searching…',
  clear: 'Clear the form',
  cost: (bytes: string, price: string | undefined) =>
    price === undefined ? `Reads ${bytes} at most` : `Reads ${bytes} at most: ${price}`,
  refused: (why: string) => `It will be refused. ${why}`,
  optional: 'optional',
  examples: 'Examples to try',
  finds: 'What it shows',
  leftOut: 'What will be left out',
  takes: (domains: string[]) => `takes the right to see: ${all.format(domains)}`,
  leftOutHint: 'Your role may not see it, whether or not there is anything in it.',
  oneOfHint: (labels: string[]) => `Give at least one of: ${list.format(labels)}.`,
  required: (label: string) => `Enter ${lower(label)}.`,
  tooLong: (label: string, length: number) => `${label} can have ${length} characters at most.`,
  integer: (label: string) => `${label} must be a whole number, such as 42.`,
  decimal: (label: string) => `${label} must be a number with a point before the decimals, such as 1234.50.`,
  choice: (label: string) => `Choose ${lower(label)} from the list.`,
  oneOf: (labels: string[]) =>
    labels.length === 1 ? `Enter ${lower(labels[0] ?? '')}.` : `Enter ${list.format(labels.map(lower))}.`,
  any: 'Any',
  chooseAny: (count: number) => `Any of ${count}`,
  yes: 'Yes',
  no: 'No',
  listHint: 'Enter adds one; a pasted list adds each line.',
  add: 'Add',
  remove: (value: string) => `Remove ${value}`,
  removed: (value: string) => `${value} removed`,
  notFound: 'There is no use case at this address',
  notFoundHint: 'It may have been renamed or withdrawn. The start page has all there are.',
  back: 'See all use cases',
}

/** A label inside a sentence: `Policy number` becomes `policy number`, `IBAN` stays. */
function lower(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}

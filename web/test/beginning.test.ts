import { describe, expect, it } from 'vitest'
import { beginning } from '../src/features/form/beginning.ts'

const sent = { draft: { surname: 'Sent' }, isUnsent: false }
const unsent = { draft: { surname: 'Unsent' }, isUnsent: true }
const earlier = { surname: 'Earlier' }

describe('what a form begins with', () => {
  it.each([
    ['nothing was typed or searched', undefined, undefined, undefined, undefined, undefined],
    ['a reload lost what was typed: the search from here', undefined, earlier, undefined, 'Earlier', false],
    ['somebody came back: the search from here', sent, earlier, undefined, 'Earlier', false],
    ['somebody typed since the search', unsent, earlier, undefined, 'Unsent', true],
    ['the search from here is gone', sent, undefined, undefined, 'Sent', false],
    ['a search is to be changed', sent, earlier, 's1', 'Earlier', false],
    ['a search is to be changed, and something else was typed', unsent, earlier, 's1', 'Earlier', false],
    ['changes to a search were typed', { ...unsent, from: 's1' }, earlier, 's1', 'Unsent', true],
    ['changes to another search were typed', { ...unsent, from: 's2' }, earlier, 's1', 'Earlier', false],
    [
      'changes to a search were typed, and the form is opened anew',
      { ...unsent, from: 's1' },
      undefined,
      undefined,
      'Unsent',
      true,
    ],
    ['the search that is to be changed is gone', sent, undefined, 's1', undefined, undefined],
  ])('where %s', (_where, kept, searched, from, surname, isUnsent) => {
    const begun = beginning({ kept, earlier: searched, from })
    expect(begun?.inputs.surname).toBe(surname)
    expect(begun?.isUnsent).toBe(isUnsent)
  })
})

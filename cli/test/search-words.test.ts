import { fileURLToPath } from 'node:url'
import { InputError } from '@muniment/archive/errors'
import { checkInputs } from '@muniment/query-templates/inputs'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Templates } from '@muniment/query-templates/port'
import { beforeAll, describe, expect, it } from 'vitest'
import { readableRows } from '../src/panel-rows.ts'
import { inputLines, refusedInputs } from '../src/use-case-inputs.ts'

let templates: Templates
beforeAll(async () => {
  templates = await loadTemplates(fileURLToPath(new URL('../../query-templates', import.meta.url)), 'pas')
})

const useCaseOf = (name: string) => {
  const useCase = templates.useCases.get(name)
  if (!useCase) throw new Error(`There is no use case ${name}.`)
  return useCase
}

/** What somebody at the terminal is told of these inputs. */
function refusal(name: string, inputs: Record<string, string>): string {
  try {
    checkInputs(useCaseOf(name), inputs, templates.application)
  } catch (error) {
    if (error instanceof InputError) return refusedInputs(useCaseOf(name), error.fields)
    throw error
  }
  return ''
}

describe('inputs at a terminal', () => {
  it('are called by the names that are typed there', () => {
    expect(refusal('find-customer', { name: 'X' })).toBe(
      'name: There is no input called name. ' +
        'Give at least one of: surname, given_names, birth_date, place, number, email, phone.',
    )
    expect(refusal('find-customer', { birth_date: 'x' })).toMatch(/^birth_date: Date of birth must be a date/)
  })

  it('are listed with label, type and options', () => {
    const lines = inputLines(templates, useCaseOf('find-customer'))
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}surname +Name \(text\)/))
    expect(lines).toContainEqual(expect.stringMatching(/^ +begins {2}begins with these letters$/))
    expect(lines.at(-1)).toBe('At least one of: surname, given_names, birth_date, place, number, email, phone.')
  })
})

describe('rows at a terminal', () => {
  it('have codes in words under labels, and no hidden columns', () => {
    const row = { display_name: 'Meier, Anna', status: 'A1', party_number: 'P1', closeness: '1' }
    const [read] = readableRows(templates, 'find-customer', 'customers', [row])
    expect(read).toMatchObject({ Name: 'Meier, Anna', 'Found as': null })
    expect(read?.Status).toBe(
      templates.application.codeLists.party_status?.values.find(({ code }) => code === 'A1')?.label,
    )
    expect(Object.keys(read ?? {})).not.toContain('party_number')
    expect(Object.values(read ?? {})).not.toContain('P1')
  })

  it('have amounts with their currency', () => {
    const row = { claim_number: 'S1', incurred: '2750000.00', currency: 'EUR' }
    const [read] = readableRows(templates, 'large-losses', 'losses', [row])
    expect(Object.values(read ?? {})).toContain('2,750,000.00 EUR')
  })
})

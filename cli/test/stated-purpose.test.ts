import { usualPurposes } from '@muniment/api/purposes'
import { describe, expect, it } from 'vitest'
import { statedPurpose } from '../src/stated-purpose.ts'

describe('what a search from the command line is for', () => {
  it('has to be said, with the reasons there are', () => {
    expect(() => statedPurpose({}, usualPurposes, false)).toThrow(
      /--purpose with a reason \(customer-enquiry, .*--request/,
    )
    expect(() => statedPurpose({ note: 'Only this.' }, usualPurposes, false)).toThrow('--purpose')
  })

  it('is named in the demonstration where nothing is said', () => {
    expect(statedPurpose({}, usualPurposes, true)).toEqual({
      reason: 'system-test',
      note: 'muniment search, in the demonstration',
    })
  })

  it('is a reason with a sentence, or a request, and not both', () => {
    const said = { purpose: 'complaint', note: 'Letter of 3 May.' }
    expect(statedPurpose(said, usualPurposes, false)).toEqual({ reason: 'complaint', note: 'Letter of 3 May.' })
    expect(statedPurpose({ request: 'DSR-2026-0117' }, usualPurposes, false)).toEqual({ request: 'DSR-2026-0117' })
    expect(() => statedPurpose({ ...said, request: 'DSR-2026-0117' }, usualPurposes, false)).toThrow('--request alone')
  })
})

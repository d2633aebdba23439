import { describe, expect, it } from 'vitest'
import { csvOf } from '../src/features/audit/download.ts'

const entry = {
  ...{ id: 'e-1', began: '2026-11-05T10:00:00.000Z', action: 'search', outcome: 'done', person: '=cmd()' },
  ...{ roles: ['searcher'], groups: ['a', 'b'], rules: 3, subject: { application: 'pas' }, covered: true },
}
const lines = (about: object) => [{ about }, entry].map((line) => `${JSON.stringify(line)}\n`).join('')
const period = { from: '2026-10-01T00:00:00.000Z', until: '2026-11-06T00:00:00.000Z' }

describe('the entries of the log as a table', () => {
  it('has a header and a row an entry, in which nothing is a formula', () => {
    const [header, row, ...rest] = csvOf(lines(period)).split('\r\n')
    expect(header).toBe(
      'id,began,ended,action,outcome,person,roles,groups,rules,reason,request,subject,detail,rows,bytes,records,covered,wrong',
    )
    expect(row).toBe(
      `"e-1","2026-11-05T10:00:00.000Z","","search","done","'=cmd()","searcher","a b","3","","","{""application"":""pas""}","","","","","true",""`,
    )
    expect(rest).toEqual([''])
  })

  it('says before the header for which months nobody can tell, and which files do not verify', () => {
    const about = { ...period, forgotten: ['2026-09', '2026-10'], damaged: ['audit/x/0000000001.json: it has no MAC.'] }
    const [forgotten, damaged, header] = csvOf(lines(about)).split('\r\n')
    expect(forgotten).toMatch(/^"# For 2026-09, 2026-10 it cannot be said who saw this record/)
    expect(damaged).toMatch(/^"# A file of the log does not verify\..* audit\/x\/0000000001\.json: it has no MAC\."$/)
    expect(header).toMatch(/^id,began/)
  })
})

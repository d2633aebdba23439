import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pollDelay } from '../src/api/search.ts'
import { spreadsheetSafe } from '../src/lib/copy.ts'
import { formatBytes, formatDay, formatDuration, formatPrice } from '../src/lib/format.ts'
import { readInputs } from '../src/lib/fragment-link.ts'
import { isolated } from '../src/lib/isolated.ts'
import { cssString, pageRules } from '../src/lib/page-rules.ts'
import { checkPurpose, readPurpose } from '../src/lib/purpose.ts'
import { checkSettings, paperOf } from '../src/lib/settings.ts'

describe('figures in words', () => {
  it('says bytes with three digits at most', () => {
    expect([0, 1, 999, 1_000, 1_234_567, 999_600, 5_000_000_000].map(formatBytes)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '1.23 MB',
      '1 MB',
      '5 GB',
    ])
  })

  it('says durations as short as they deserve', () => {
    expect([3, 240, 1_240, 12_400, 125_000].map(formatDuration)).toEqual([
      '0.01 s',
      '0.24 s',
      '1.2 s',
      '12 s',
      '2 min 5 s',
    ])
  })

  it('says a price below a cent instead of nothing, and nothing for nothing', () => {
    expect([0, 0.0004, 1.5].map(formatPrice)).toEqual(['', 'under $0.01', '$1.50'])
  })

  it('writes a day in the person’s style and leaves alone what is no day', () => {
    expect(formatDay('2024-07-05', 'long')).toBe('5 Jul 2024')
    expect(formatDay('2024-07-05', 'iso')).toBe('2024-07-05')
    expect(formatDay('soon', 'long')).toBe('soon')
  })

  it('looks often at first and seldom later', () => {
    const started = new Date(0).toISOString()
    expect([1_000, 10_000, 60_000].map((now) => pollDelay(started, now))).toEqual([300, 1_000, 3_000])
  })
})

describe('purpose', () => {
  const labels = new Map([['audit', 'Internal audit']])

  it('reads as the reason’s words with what was added, or as the request', () => {
    expect(readPurpose({ reason: 'audit', note: 'Q3 sample' }, labels)).toBe('Internal audit: Q3 sample')
    expect(readPurpose({ reason: 'audit', note: '' }, labels)).toBe('Internal audit')
    expect(readPurpose({ reason: 'gone', note: '' }, labels)).toBe('gone')
    expect(readPurpose({ request: 'DSR-1' }, labels)).toBe('DSR-1')
  })

  it('takes nothing from storage that is no purpose', () => {
    expect([null, 'x', {}, { reason: '' }, { request: 4 }].map(checkPurpose)).toEqual(Array(5).fill(undefined))
    expect(checkPurpose({ reason: 'audit', note: 7 })).toEqual({ reason: 'audit', note: '' })
  })
})

describe('settings', () => {
  it('falls back to what is calm where storage holds something else', () => {
    const plain = { theme: 'system', density: 'compact', dates: 'long', paper: 'A4', keys: 'on' }
    expect(checkSettings(null)).toEqual(plain)
    expect(checkSettings({ theme: '<b>', density: 1, dates: 'roman', paper: 'A0' })).toEqual(plain)
    expect(checkSettings({ ...plain, theme: 'dark', dates: 'iso' })).toEqual({ ...plain, theme: 'dark', dates: 'iso' })
  })

  it.each([
    [['en-US', 'en'], 'letter'],
    [['fr', 'fr-CA'], 'letter'],
    [['es-MX'], 'letter'],
    [['en-GB', 'en-US'], 'A4'],
    [['de'], 'A4'],
    [['zh-Hant-TW'], 'A4'],
    [[], 'A4'],
  ] as const)('takes the paper of %j to be %s', (languages, paper) => {
    expect(paperOf(languages)).toBe(paper)
  })
})

describe('isolated', () => {
  it('puts names from right to left between isolates, and leaves others as they are', () => {
    expect(isolated('الأحمد, رانيا')).toBe('\u2068الأحمد, رانيا\u2069')
    expect(isolated('כהן')).toBe('\u2068כהן\u2069')
    expect(isolated('Wójcik-Łukaszewska, Katarzyna')).toBe('Wójcik-Łukaszewska, Katarzyna')
  })
})

describe('hostile contents', () => {
  it.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '＝1', '\t=1'])('a formula %j is copied as text', (text) => {
    expect(spreadsheetSafe(text)).toBe(`'${text}`)
  })

  it('amounts are copied as they are, the negative ones too', () => {
    expect(['-1,234.50', '12', 'Müller'].map(spreadsheetSafe)).toEqual(['-1,234.50', '12', 'Müller'])
  })

  it('a record’s text never ends the string of a page margin', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = cssString(text).slice(1, -1)
        expect(inside).not.toMatch(/["\n\r\f{}<>]|\\(?![0-9a-f]+ )/)
      }),
    )
  })

  it('page rules hold no brace of a hostile record', () => {
    const rules = pageRules({
      paper: 'A4',
      record: '"} body { display: none',
      asOf: '',
      search: 's',
      person: 'p',
      moment: 'm',
    })
    expect(rules).toContain('\\22 \\7d  body \\7b  display: none')
  })

  it('link inputs that are no texts are dropped, and no object at all is no link', () => {
    expect(readInputs('{"a":"1","b":["x",2],"c":3,"d":null}')).toEqual({ a: '1', b: ['x'] })
    expect(readInputs('[1]')).toBeUndefined()
    expect(readInputs('{')).toBeUndefined()
  })
})

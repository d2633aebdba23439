import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivations } from '../src/folding.ts'

const { fold, phonetic, number, plate, reversed } = derivations
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  // Lone surrogates and whatever else is no text.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom(..."aeouüäöß oO'’-. éıİßŁø") }),
)

describe('fold', () => {
  it.each([
    ['muller', ['Müller', 'Mueller', 'Muller', 'MÜLLER', 'Mu\u0308ller', ' müller ']],
    ['obrien', ['O\u2019Brien', "O'Brien", 'OBrien', 'O Brien', 'o`brien', 'O´Brien', 'O\u02bcBrien']],
    ['strasse', ['Straße', 'STRASSE', 'STRAẞE', 'stra\u00adße']],
    ['jorgen', ['Jørgen', 'Joergen', 'Jörgen']],
    ['lukasz dordevic', ['Łukasz Đorđević', 'lukasz-dordevic']],
    ['istanbul', ['İstanbul', 'ISTANBUL', 'ıstanbul']],
    ['muller ludenscheidt', ['Müller-Lüdenscheidt', 'Mueller  Luedenscheidt', 'MÜLLER – LÜDENSCHEIDT']],
    ['st gallen', ['St. Gallen', 'st\tgallen', 'ＳＴ．Gallen']],
    ['οδοσ', ['ΟΔΟΣ', 'οδός']],
    ['федор', ['Фёдор', 'ФЕДОР']],
    ['山田 太郎', ['山田　太郎']],
    ['', ['', ' ', '!!!', '\u200b', '\ud800']],
  ])('gives %j for all its spellings', (form, spellings) => {
    expect(spellings.map(fold)).toEqual(spellings.map(() => form))
  })

  it('keeps the marks of scripts that are made of them', () => {
    expect(fold('हिन्दी')).toBe('हिन्दी'.normalize('NFC'))
    expect(fold('が')).not.toBe(fold('か'))
    expect(fold('한국')).toBe('한국')
    expect(fold('שָׁלוֹם')).toBe('שלום')
    expect(fold('مُحَمَّد')).toBe('محمد')
  })

  it('keeps names apart that differ in more than spelling', () => {
    expect(new Set(['Meier', 'Maier', 'Mayer', 'Müller', 'Möller', 'Miller'].map(fold)).size).toBe(6)
  })

  it('leaves one space between words and none at the ends', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fold(text)).not.toMatch(/^ | $| {2}|\t|\n|'|[\u0300-\u036f]|[A-Z]/)
      }),
    )
  })

  it('gives the beginning of a Latin text the beginning of its form, so that prefix searches hold', () => {
    const latin = fc.string({ unit: fc.constantFrom(..."abcdeoumnrsßüöäéøŁ 'OME-") })
    fc.assert(
      fc.property(latin, latin, (head, tail) => {
        expect(fold(head + tail).startsWith(fold(head))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('phonetic', () => {
  it.each([
    ['67', ['Meier', 'Maier', 'Mayer', 'Meyr', 'MEYER', 'Mair']],
    ['862', ['Schmidt', 'Schmitt', 'Schmid', 'Schmied']],
    ['657', ['Müller', 'Mueller', 'Muller', 'Möller', 'Miller']],
    ['65752682', ['Müllerlüdenscheidt']],
    ['3412', ['Wikipedia']],
    ['17863', ['Breschnew']],
  ])('gives %s for all that sound so', (code, names) => {
    expect(names.map(phonetic)).toEqual(names.map(() => code))
  })

  it('gives one code a word and leaves what has no sound as it is', () => {
    expect(phonetic('Hans-Peter Meier')).toBe('068 127 67')
    expect(phonetic('H 24 山田')).toBe('h 24 山田')
  })

  it('is the same for texts that fold the same', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(phonetic(fold(text))).toBe(phonetic(text))
        expect(phonetic(text).split(' ').length).toBe(fold(text).split(' ').length)
      }),
    )
  })
})

describe('number, plate and reversed', () => {
  it('keeps letters, digits and leading zeros only', () => {
    expect(number(' kv-2004/00123 ')).toBe('KV200400123')
    expect(number('DE44 5001 0517 5407 3249 31')).toBe('DE44500105175407324931')
    expect(number('ＡＢ１２')).toBe('AB12')
    expect(['M-AB 1234', 'm ab1234', 'MAB1234'].map(plate)).toEqual(['MAB1234', 'MAB1234', 'MAB1234'])
    expect(plate('TÜ-X 1')).toBe('TUX1')
  })

  it('makes an ending of a text a beginning of its form', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aB0129-/ .üß𝟙𐐨') })
    expect(reversed('KV-2004/00123')).toBe('321004002VK')
    fc.assert(
      fc.property(text, text, (head, tail) => {
        expect(reversed(head + tail).startsWith(reversed(tail))).toBe(true)
      }),
    )
  })
})

describe('every derivation', () => {
  it.each(Object.entries(derivations).filter(([name]) => name !== 'reversed'))(
    '%s gives text for any text, and the same again when applied again',
    (_name, derive) => {
      fc.assert(
        fc.property(anyText, (text) => {
          const form = derive(text)
          expect(form).not.toMatch(/\p{Cs}/u)
          expect(derive(form)).toBe(form)
        }),
        { numRuns: 3000 },
      )
    },
  )

  it('reversed undoes itself on normal forms', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(reversed(reversed(text))).toBe(number(text))
      }),
    )
  })
})

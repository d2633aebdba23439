import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivations } from '../src/folding.ts'

/** The form as it was frozen, step by step. */
function bySteps(text: string): string {
  const special: Record<string, string> = Object.fromEntries(
    'ß=ss æ=ae œ=oe ø=o đ=d ð=d ł=l ı=i þ=th ħ=h ŧ=t ŋ=n ĸ=k ς=σ ƒ=f'.split(' ').map((pair) => pair.split('=')),
  )
  const apostrophes = /['`´‘’‛′ʹ-ʿˈˊˋ＇]/g
  return text
    .replace(apostrophes, '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[ßæœøđðłıþħŧŋĸςƒ]/g, (letter) => special[letter] ?? letter)
    .normalize('NFKD')
    .replace(/(?![\u3099\u309a])\p{Script=Inherited}|(?=\p{M})\p{Script=Hebrew}/gu, '')
    .replace(apostrophes, '')
    .replace(/\p{Cf}/gu, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .replace(/([aou])e+/g, '$1')
    .replace(/(?<![^ ])o(?: e*)+(?=\p{L})/gu, 'o')
    .replace(/([aou])e+/g, '$1')
}

const units = (max: number) =>
  fc.array(fc.integer({ min: 0, max }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes))

describe('fold in one walk', () => {
  it.each([
    ['ASCII', units(0x7f)],
    ['Latin letters and signs', units(0x17f)],
    ['letters beyond them', units(0x24f)],
    ['any characters', units(0xffff)],
    [
      'what the rules are about',
      fc.string({ unit: fc.constantFrom(..."aeouüäöß oO'’-. éıİßŁøŀŉſ·´æŒ\u00ad\u0301"), maxLength: 30 }),
    ],
    [
      'names with lone letters',
      fc.string({ unit: fc.constantFrom('o', 'O', ' ', 'e', "'", 'a', 'ö', '1'), maxLength: 12 }),
    ],
  ])('gives what the steps give for %s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(derivations.fold(text)).toBe(bySteps(text))
      }),
      { numRuns: 5000 },
    )
  })

  it('gives what the steps give for each character beside each other', () => {
    for (let first = 0; first < 0x250; first++)
      for (const text of ['', 'a', 'o', 'e', ' ', '7', "'"].map(
        (other) => `x${other}${String.fromCharCode(first)}${other}e`,
      ))
        expect(derivations.fold(text)).toBe(bySteps(text))
  })

  it('gives what the steps give for texts of any length', () => {
    for (const length of [4095, 4096, 4097, 10_000])
      for (const char of 'aßÄ7 ') expect(derivations.fold(char.repeat(length))).toBe(bySteps(char.repeat(length)))
  })
})

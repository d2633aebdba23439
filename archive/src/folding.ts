/**
 * The forms by which records are looked up. Ingest stores them in derived columns and binding applies them to what a person
 * types, so that SQL only compares texts and a lookup means the same in every engine.
 *
 * They are frozen: a change here makes stored columns and typed inputs disagree, so it needs a new load of what was
 * derived. All are total (any text, lone surrogates included), deterministic and idempotent.
 */
import { latinFolder } from './folding-latin.ts'
import { colognePhonetics } from './phonetic.ts'

// Deleted rather than made a space, so that O'Brien is OBrien. The acute and the grave stand in for apostrophes in old data.
const APOSTROPHES = /['`´‘’‛′ʹ-ʿˈˊˋ＇]/g
// Soft hyphens, joiners, direction marks, byte order marks: invisible, so never typed.
const INVISIBLE = /\p{Cf}/gu
// Accents and optional vowel points. The kana's voicing marks and the marks of Indic scripts are what the word is made of.
const MARKS = /(?![\u3099\u309a])\p{Script=Inherited}|(?=\p{M})\p{Script=Hebrew}/gu
const SPECIAL = /[ßæœøđðłıþħŧŋĸςƒ]/g
const SPECIAL_AS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ς: 'σ',
  ƒ: 'f',
}
const SEPARATORS = /[^\p{L}\p{M}\p{N}]+/gu
const UMLAUT_E = /([aou])e+/g
// The e's are those that go anyway once the o stands before them.
const LONE_O = /(?<![^ ])o(?: e*)+(?=\p{L})/gu
const NOT_ASCII = /[^\0-\x7f]/

function asciiWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/['`]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
}

function words(text: string): string {
  if (!NOT_ASCII.test(text)) return asciiWords(text)
  const latin = text
    // Before decomposition as well as after it: the acute decomposes into a space and a mark.
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => SPECIAL_AS[letter] ?? letter)
  if (!NOT_ASCII.test(latin)) return asciiWords(latin)
  return (
    latin
      // Lower-casing may bring marks of its own.
      .normalize('NFKD')
      .replace(MARKS, '')
      .replace(APOSTROPHES, '')
      .replace(INVISIBLE, '')
      .normalize('NFC')
      .replace(SEPARATORS, ' ')
  )
}

const foldLatin = latinFolder(words)

/**
 * Lower case without accents and punctuation, words joined by one space.
 *
 * An `e` after a, o or u goes: Müller, Mueller and Muller are all `muller`, Jørgen and Joergen `jorgen`. The price is that
 * Bauer is also Baur, Michael also Michal; a lookup finds both, and never misses one. As only what stands before a letter
 * decides whether it stays, the form of the beginning of a text is the beginning of its form, so prefix searches hold.
 * A lone `o` joins the next word (O'Brien, OBrien and O Brien are `obrien`). Scripts other than Latin are not
 * transliterated: they lose case, accents and compatibility forms only.
 */
function fold(text: string): string {
  const folded = foldLatin(text) ?? words(text).trim().replace(UMLAUT_E, '$1')
  return folded.includes('o ') ? folded.replace(LONE_O, 'o').replace(UMLAUT_E, '$1') : folded
}

/**
 * Cologne code of each word of the folded text, joined by one space: Meier, Maier, Mayer and Meyr are `67`. A word that
 * has no code (digits, other scripts, a lone h) stands for itself.
 */
function phonetic(text: string): string {
  const folded = fold(text)
  if (folded === '') return ''
  return folded
    .split(' ')
    .map((word) => colognePhonetics(word) || word)
    .join(' ')
}

/** Letters and digits only, without accents, in upper case: `KV-2004/00123` is `KV200400123`; no zero is dropped. */
function number(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toUpperCase().replace(/[^A-Z0-9]+/g, '')
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toUpperCase()
    .normalize('NFKD')
    .replace(APOSTROPHES, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The form of `number`, last letter first: a search by ending becomes one by beginning. */
function reversed(text: string): string {
  return [...number(text)].reverse().join('')
}

/** Of a licence plate: `M-AB 1234`, `m ab1234` and `MAB1234` are one; `TÜ` is also `TU`. */
function plate(text: string): string {
  return number(text)
}

export const derivations: Record<'fold' | 'phonetic' | 'number' | 'plate' | 'reversed', (text: string) => string> = {
  fold,
  phonetic,
  number,
  plate,
  reversed,
}

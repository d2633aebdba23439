/**
 * How texts are ordered, on the screen and in files alike: by their letters without case and Latin accents (ß counts as s, æ as a),
 * where these are equal by the texts as they are; all by code point, digits too. It is what SQL can do with a million rows
 * in every engine, which a language's collation is not.
 */

const specials: Record<string, string> = {
  ß: 's',
  æ: 'a',
  ð: 'd',
  ø: 'o',
  þ: 't',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  ł: 'l',
  ŋ: 'n',
  œ: 'o',
  ŧ: 't',
}

/** Lower-case Latin letters beyond ASCII, each with the one that it is ordered by. */
const folded = new Map<string, string>()
for (let code = 0xe0; code < 0x250; code++) {
  const letter = String.fromCodePoint(code)
  const base = specials[letter] ?? letter.normalize('NFD').charAt(0)
  if (/^[a-z]$/.test(base)) folded.set(letter, base)
}
const from = [...folded.keys()].filter((letter) => lowerOf(letter) === letter)
const to = from.map((letter) => folded.get(letter) ?? letter)

const ascii = /^[\0-\x7f]*$/
const surrogate = /[\ud800-\udfff]/

/** One code point each, as SQL's lower does it. */
function lowerOf(letter: string): string {
  return String.fromCodePoint(letter.toLowerCase().codePointAt(0) ?? 0)
}

/** What a text is ordered by first. */
export function letterKey(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  let key = ''
  for (const letter of text) {
    const lower = lowerOf(letter)
    key += folded.get(lower) ?? lower
  }
  return key
}

export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
  // Only where there are surrogates is the order of UTF-16 another one.
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The expressions to order a text by, in SQL. Few texts have letters beyond ASCII, and translating takes longer than looking. */
export function textOrderSql(expression: string): string[] {
  const letters =
    `CASE WHEN regexp_like(${expression}, '[^ -~]') THEN translate(lower(${expression}), ${literal(from.join(''))}, ` +
    `${literal(to.join(''))}) ELSE lower(${expression}) END`
  return [letters, expression]
}

/**
 * Cologne phonetics (Postel, 1969), one word at a time. Ours and not a library's: the codes are stored beside records for
 * decades and compared with what is typed, so they may never change with a dependency's next version.
 */

const VOWELS = new Set('aeijouy')
const PLAIN: Record<string, string> = {
  b: '1',
  f: '3',
  v: '3',
  w: '3',
  g: '4',
  k: '4',
  q: '4',
  l: '5',
  m: '6',
  n: '6',
  r: '7',
  s: '8',
  z: '8',
}
const HARD_C_FIRST = new Set('ahkloqrux')
const HARD_C = new Set('ahkoqux')
const SIBILANTS = new Set('sz')
const SOFTENERS = new Set('csz')
const GUTTURALS = new Set('ckq')

function codeOf(letter: string, before: string, after: string): string {
  if (VOWELS.has(letter)) return '0'
  if (letter === 'p') return after === 'h' ? '3' : '1'
  if (letter === 'd' || letter === 't') return SOFTENERS.has(after) ? '8' : '2'
  if (letter === 'x') return GUTTURALS.has(before) ? '8' : '48'
  if (letter === 'c') {
    if (before === '') return HARD_C_FIRST.has(after) ? '4' : '8'
    return !SIBILANTS.has(before) && HARD_C.has(after) ? '4' : '8'
  }
  return PLAIN[letter] ?? ''
}

/** Code of one word, of which only the letters a to z count; empty when none of them has a sound. */
export function colognePhonetics(word: string): string {
  const letters = word.replace(/[^a-z]/g, '')
  let code = ''
  let last = ''
  for (let index = 0; index < letters.length; index++) {
    for (const digit of codeOf(letters.charAt(index), letters.charAt(index - 1), letters.charAt(index + 1))) {
      // A vowel counts at the beginning only, but it separates equal sounds.
      if (digit !== last && (digit !== '0' || code === '')) code += digit
      last = digit
    }
  }
  return code
}

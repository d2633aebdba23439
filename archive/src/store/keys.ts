import { InputError } from '../errors.ts'

/** Longest key in bytes of UTF-8, as S3 has it. */
const LONGEST = 1024

/**
 * Refuses what is no key in every store: absolute, empty or dot segments, hidden names (`.work` is one), NUL, lone
 * surrogates (two keys would be one file). The message does not repeat the key; it may have come from anywhere.
 */
export function checkKey(key: string): void {
  const wrong =
    key === ''
      ? 'it is empty'
      : Buffer.byteLength(key) > LONGEST
        ? `it is longer than ${LONGEST} bytes`
        : key.includes('\0') || /\p{Cs}/u.test(key)
          ? 'it holds a character that no key may hold'
          : key.includes('\\')
            ? 'it holds a backslash'
            : key.split('/').some((segment) => segment === '' || segment.startsWith('.'))
              ? 'a part of it is empty or begins with a dot'
              : undefined
  if (wrong) throw new InputError(`This is not a key of an object: ${wrong}.`)
}

/** Whether it is a key; see checkKey. */
export function isKey(key: string): boolean {
  try {
    checkKey(key)
    return true
  } catch {
    return false
  }
}

/** Refuses what is no folder of keys: the whole store is the empty one, all others end with a slash. */
export function checkFolder(folder: string): void {
  if (folder === '') return
  if (!folder.endsWith('/')) throw new InputError('This is not a folder of keys: it does not end with a slash.')
  checkKey(folder.slice(0, -1))
}

/** Whether keys may lie in it. */
export function isFolder(folder: string): boolean {
  try {
    checkFolder(folder)
    return true
  } catch {
    return false
  }
}

const ascii = /^[ -~]*$/

/** Order of keys in listings: by UTF-8 bytes, as S3 sorts. */
export function compareKeys(left: string, right: string): number {
  if (ascii.test(left) && ascii.test(right)) return left < right ? -1 : left > right ? 1 : 0
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

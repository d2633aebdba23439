/** Lower case without marks, for finding words: never for looking up records. */
export const foldWords = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')

/** Words of a text, folded. */
export const wordsOf = (text: string): string[] => foldWords(text).match(/[\p{Letter}\p{Number}]+/gu) ?? []

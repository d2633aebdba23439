/**
 * A number of records as somebody typed it: digits, alone or in groups of three as people write them (`1,204`, `1 204`, `1.204`,
 * `1’204`). Undefined where it is anything else: what cannot be undone is not guessed at.
 */
export function readTypedCount(typed: string): number | undefined {
  const text = typed.normalize('NFKC').trim()
  const isGrouped = /^[1-9]\d{0,2}(?:([ ,.'’])\d{3})(?:\1\d{3})*$/.test(text)
  if (!isGrouped && !/^(?:0|[1-9]\d*)$/.test(text)) return undefined
  const number = Number(text.replace(/\D/g, ''))
  return Number.isSafeInteger(number) ? number : undefined
}

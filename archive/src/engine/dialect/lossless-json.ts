import { randomUUID } from 'node:crypto'

/**
 * DuckDB's syntax trees hold integers beyond what a JavaScript number keeps (places, large constants). They travel as marked texts;
 * the mark cannot be guessed, so that no text in a query is taken for one.
 */
const mark = `${randomUUID()}:`
const token = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g
const marked = new RegExp(`"${mark}(-?\\d+)"`, 'g')

export const parseLossless = (text: string): unknown =>
  JSON.parse(text.replace(token, (found) => (found.startsWith('"') ? found : `"${mark}${found}"`)))

export const stringifyLossless = (value: unknown): string => JSON.stringify(value).replace(marked, '$1')

import { readMoment } from './moment.ts'

/** A day counts from its first to its last moment, in universal time. */
export const startOf = (text: string, option: string): Date => {
  const moment = readMoment(text, option)
  return text.includes('T') ? moment : new Date(`${text}T00:00:00Z`)
}
export const endOf = (text: string, option: string): Date => {
  const moment = readMoment(text, option)
  return text.includes('T') ? moment : new Date(moment.getTime() + 1)
}

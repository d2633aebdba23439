import type { ColumnInfo } from '@aws-sdk/client-athena'
import { doubleText } from '../../double-text.ts'

type Write = (text: string) => string

const same: Write = (text) => text

/** To the millisecond: `2024-07-05 13:45:00.000`. */
const moment: Write = (text) => {
  const [whole = '', fraction = ''] = text.split('.')
  return `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}`
}

/** A value of Athena's result as canonical text (see `Row`). */
export function canonical({ Type: type = '' }: ColumnInfo): Write {
  if (type === 'timestamp') return moment
  if (type === 'double') return (text) => doubleText(Number(text))
  if (type === 'float' || type === 'real') return (text) => doubleText(Math.fround(Number(text)))
  return same
}

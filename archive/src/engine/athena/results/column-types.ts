import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { ColumnType } from '../../../model/types.ts'
import { Refused } from '../../worker/failures.ts'

const types: Record<string, ColumnType> = {
  varchar: 'varchar',
  char: 'varchar',
  string: 'varchar',
  tinyint: 'integer',
  smallint: 'integer',
  integer: 'integer',
  int: 'integer',
  bigint: 'bigint',
  float: 'double',
  real: 'double',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  // Nothing but NULL.
  unknown: 'integer',
}

/** Throws Refused for a type that a result cannot hold. */
export function columnType({ Name: name = '', Type: type = '', Precision, Scale }: ColumnInfo): ColumnType {
  if (type === 'decimal') return `decimal(${Precision ?? 38},${Scale ?? 0})`
  const found = types[type]
  if (found === undefined) throw new Refused(`The column "${name}" is of type ${type}, which a result cannot hold.`)
  return found
}

import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { TrinoColumn } from '../../trino/client.ts'

const precisions: Record<string, number> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  float: 17,
  double: 17,
  varchar: 2_147_483_647,
  varbinary: 1_073_741_824,
  timestamp: 3,
  'timestamp with time zone': 3,
}
const textual = new Set(['varchar', 'char'])

/** What GetQueryResults says of a column. */
export function columnInfo({ name, typeSignature }: TrinoColumn): ColumnInfo {
  const type = typeSignature.rawType === 'real' ? 'float' : typeSignature.rawType
  const sizes = typeSignature.arguments.filter(({ kind }) => kind === 'LONG').map(({ value }) => Number(value))
  const sized = type === 'decimal' || textual.has(type)
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: (sized ? sizes[0] : undefined) ?? precisions[type] ?? 0,
    Scale: type === 'decimal' ? (sizes[1] ?? 0) : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: textual.has(type),
  }
}

/** A column of a statement that answers with text. */
export const textColumn = (name: string): ColumnInfo => ({
  CatalogName: 'hive',
  SchemaName: '',
  TableName: '',
  Name: name,
  Label: name,
  Type: 'string',
  Precision: 0,
  Scale: 0,
  Nullable: 'UNKNOWN',
  CaseSensitive: false,
})

/** One entry of a Parquet schema, as DuckDB's parquet_schema() tells it. */
export interface SchemaElement {
  type: string | null
  children: number
  converted: string | null
  logical: string | null
  precision: number | null
  scale: number | null
}

const CONVERTED: Record<string, string> = {
  UTF8: 'varchar',
  ENUM: 'varchar',
  JSON: 'varchar',
  DATE: 'date',
  INT_8: 'tinyint',
  INT_16: 'smallint',
  INT_32: 'integer',
  INT_64: 'bigint',
}

const PHYSICAL: Record<string, string> = {
  BOOLEAN: 'boolean',
  INT32: 'integer',
  INT64: 'bigint',
  INT96: 'timestamp(9)',
  FLOAT: 'real',
  DOUBLE: 'double',
  BYTE_ARRAY: 'varbinary',
  FIXED_LEN_BYTE_ARRAY: 'varbinary',
}

function timestampOf(converted: string, logical: string): string | undefined {
  const unit = /unit=TimeUnit\(.*?(MILLIS|MICROS|NANOS)=(?!<null>)/.exec(logical)?.[1]
  const millis = unit === 'MILLIS' || converted === 'TIMESTAMP_MILLIS'
  const micros = unit === 'MICROS' || converted === 'TIMESTAMP_MICROS'
  if (!millis && !micros && unit !== 'NANOS') return undefined
  // Athena's timestamp is one of milliseconds without a zone; what is finer or zoned is named as what it is.
  const precision = millis ? '' : micros ? '(6)' : '(9)'
  return `timestamp${precision}${/isAdjustedToUTC=1/.test(logical) ? ' with time zone' : ''}`
}

/**
 * The type as Athena names it. For what the model has no type for, it is a name that no model column can equal
 * (`timestamp(6)`, `varbinary`, `uint32`, `nested`), so that it shows as drift.
 */
export function athenaType({ type, children, converted, logical, precision, scale }: SchemaElement): string {
  if (children > 0 || type === null) return 'nested'
  if (converted === 'DECIMAL' || /^DecimalType/.test(logical ?? '')) return `decimal(${precision ?? 0},${scale ?? 0})`
  if (/^TimeType|^TIME_/.test(logical ?? converted ?? '')) return 'time'
  if (/^UUIDType/.test(logical ?? '')) return 'uuid'
  if (/^UINT_/.test(converted ?? '')) return (converted ?? '').toLowerCase().replace('_', '')
  const timestamp = timestampOf(converted ?? '', logical ?? '')
  if (timestamp) return timestamp
  if (/^StringType|^EnumType|^JsonType/.test(logical ?? '')) return 'varchar'
  if (/^DateType/.test(logical ?? '')) return 'date'
  return CONVERTED[converted ?? ''] ?? PHYSICAL[type] ?? type.toLowerCase()
}

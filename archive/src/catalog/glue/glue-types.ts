const names: Record<string, string> = {
  varchar: 'string',
  integer: 'int',
  real: 'float',
  varbinary: 'binary',
  uint8: 'int',
  uint16: 'int',
  uint32: 'bigint',
  uint64: 'decimal(20,0)',
}
const same = /^(boolean|tinyint|smallint|bigint|double|date|decimal\(\d+,\d+\))$/

/** What a crawler makes of a type that a footer gave (parquet-types.ts); undefined where that is not foreseeable. */
export function glueType(type: string): string | undefined {
  if (/^timestamp\b/.test(type)) return 'timestamp'
  return names[type] ?? (same.test(type) ? type : undefined)
}

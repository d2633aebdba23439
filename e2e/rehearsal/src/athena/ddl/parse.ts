import { invalid } from '../errors.ts'
import type { Cursor } from '../statements/cursor.ts'
import { parseCreateTable } from './parse-create-table.ts'
import type { DdlStatement, PartitionSpec, TableName } from './statement.ts'

/** Statements of Hive's dialect that clients use. Throws InvalidRequestException for the others. */
export function parseDdl(cursor: Cursor): DdlStatement {
  const statement = parseCreate(cursor) ?? parseDrop(cursor) ?? parseShow(cursor) ?? parseOther(cursor)
  if (!statement) throw invalid('Queries of this type are not supported', 'NOT_SUPPORTED')
  cursor.end()
  return statement
}

function parseCreate(cursor: Cursor): DdlStatement | undefined {
  if (cursor.accept('CREATE', 'DATABASE') || cursor.accept('CREATE', 'SCHEMA')) {
    const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
    const name = cursor.name()
    const comment = cursor.accept('COMMENT') ? cursor.string() : undefined
    const location = cursor.accept('LOCATION') ? cursor.string() : undefined
    return {
      kind: 'createDatabase',
      name,
      ifNotExists,
      ...(comment ? { comment } : {}),
      ...(location ? { location } : {}),
    }
  }
  if (!cursor.accept('CREATE', 'EXTERNAL', 'TABLE')) return undefined
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
  return parseCreateTable(cursor, tableName(cursor), ifNotExists)
}

function parseDrop(cursor: Cursor): DdlStatement | undefined {
  if (cursor.accept('DROP', 'DATABASE') || cursor.accept('DROP', 'SCHEMA')) {
    const ifExists = cursor.accept('IF', 'EXISTS')
    const name = cursor.name()
    const cascade = cursor.accept('CASCADE')
    if (!cascade) cursor.accept('RESTRICT')
    return { kind: 'dropDatabase', name, ifExists, cascade }
  }
  if (!cursor.accept('DROP', 'TABLE')) return undefined
  const ifExists = cursor.accept('IF', 'EXISTS')
  return { kind: 'dropTable', ifExists, ...tableName(cursor) }
}

function parseShow(cursor: Cursor): DdlStatement | undefined {
  if (cursor.accept('SHOW', 'DATABASES') || cursor.accept('SHOW', 'SCHEMAS')) {
    const like = cursor.accept('LIKE') ? cursor.string() : undefined
    return { kind: 'showDatabases', ...(like === undefined ? {} : { like }) }
  }
  if (cursor.accept('SHOW', 'TABLES')) {
    const database = cursor.accept('IN') || cursor.accept('FROM') ? cursor.name() : undefined
    cursor.accept('LIKE')
    const like = cursor.done ? undefined : cursor.string()
    return { kind: 'showTables', ...(database ? { database } : {}), ...(like === undefined ? {} : { like }) }
  }
  if (cursor.accept('SHOW', 'PARTITIONS')) return { kind: 'showPartitions', ...tableName(cursor) }
  return undefined
}

function parseOther(cursor: Cursor): DdlStatement | undefined {
  if (cursor.accept('DESCRIBE') || cursor.accept('DESC')) {
    const formatted = cursor.accept('FORMATTED') || cursor.accept('EXTENDED')
    return { kind: 'describe', formatted, ...tableName(cursor) }
  }
  if (cursor.accept('MSCK', 'REPAIR', 'TABLE')) return { kind: 'repairTable', ...tableName(cursor) }
  if (!cursor.accept('ALTER', 'TABLE')) return undefined
  const table = tableName(cursor)
  if (cursor.accept('ADD')) {
    const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
    const partitions: { spec: PartitionSpec; location?: string }[] = []
    while (cursor.accept('PARTITION')) {
      const spec = partitionSpec(cursor)
      partitions.push(cursor.accept('LOCATION') ? { spec, location: cursor.string() } : { spec })
    }
    if (partitions.length > 0) return { kind: 'addPartitions', ifNotExists, partitions, ...table }
  }
  if (cursor.accept('DROP')) {
    const ifExists = cursor.accept('IF', 'EXISTS')
    const specs: PartitionSpec[] = []
    do {
      cursor.expect('PARTITION')
      specs.push(partitionSpec(cursor))
    } while (cursor.accept(','))
    return { kind: 'dropPartitions', ifExists, specs, ...table }
  }
  return undefined
}

function partitionSpec(cursor: Cursor): PartitionSpec {
  const spec: { key: string; value: string }[] = []
  cursor.expect('(')
  do {
    const key = cursor.name()
    cursor.expect('=')
    spec.push({ key, value: cursor.next().text })
  } while (cursor.accept(','))
  cursor.expect(')')
  return spec
}

/** `table`, `database.table` or `catalog.database.table`. */
export function tableName(cursor: Cursor): TableName {
  const names = [cursor.name()]
  while (cursor.accept('.')) names.push(cursor.name())
  const database = names.at(-2)
  return { table: names.at(-1) ?? '', ...(database ? { database } : {}) }
}

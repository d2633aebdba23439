import { scratchCatalog, scratchSchema } from '../run/trino-config.ts'
import { ask, type Runner, rowsColumn } from './ask-engine.ts'
import type { Execution } from './execution.ts'
import { pathExists, refused } from './failures.ts'
import { parseS3, type S3Location, s3Address } from './result-store.ts'
import { withParameters } from './statements/parameters.ts'
import type { Properties, Statement } from './statements/statement.ts'
import { quote } from './statements/tokens.ts'

type Unload = Extract<Statement, { kind: 'unload' }>
type Ctas = Extract<Statement, { kind: 'ctas' }>

const formats = new Set(['PARQUET', 'ORC', 'AVRO', 'JSON', 'TEXTFILE'])
/** By the words that Athena has for them. */
const codecs: Record<string, string> = {
  NONE: 'NONE',
  GZIP: 'GZIP',
  ZLIB: 'GZIP',
  DEFLATE: 'GZIP',
  SNAPPY: 'SNAPPY',
  LZ4: 'LZ4',
  ZSTD: 'ZSTD',
}

/** UNLOAD as a table outside Glue, which is dropped again while its objects stay. */
export async function runUnload(runner: Runner, execution: Execution, statement: Unload): Promise<void> {
  const target = targetOf(statement.location)
  if (!statement.properties.format) throw refused("INVALID_TABLE_PROPERTY: UNLOAD requires the property 'format'", 1103)
  if ((await runner.store.list(target, 1)).length > 0) throw pathExists(statement.location, execution.id)

  const table = `${scratchCatalog}.${scratchSchema}."unload_${execution.id}"`
  const { properties, codec } = tableProperties(statement.properties, '\u0001')
  const sql = `CREATE TABLE ${table} WITH (external_location = ${quote(statement.location)}, ${properties}) AS\n${statement.select}`
  try {
    await write(runner, execution, sql, { [`${scratchCatalog}.compression_codec`]: codec })
  } finally {
    await runner.engine({ sql: `DROP TABLE IF EXISTS ${table}` }).catch(() => undefined)
  }
  await writeManifest(runner, execution, target)
}

export async function runCtas(runner: Runner, execution: Execution, statement: Ctas): Promise<void> {
  const { external_location: given, is_external, table_type, ...rest } = statement.properties
  if (table_type !== undefined && String(table_type).toUpperCase() !== 'HIVE') {
    throw refused(`NOT_SUPPORTED: Table type ${String(table_type)} is not supported here`, 1200)
  }
  if (is_external !== undefined && String(is_external).toLowerCase() !== 'true') {
    throw refused('INVALID_TABLE_PROPERTY: is_external must be true for a Hive table', 1103)
  }
  const location = typeof given === 'string' ? given : execution.outputLocation
  const target = targetOf(location)
  if ((await runner.store.list(target, 1)).length > 0) throw pathExists(location, execution.id)

  const { properties, codec } = tableProperties({ format: 'PARQUET', ...rest }, undefined)
  const exists = statement.ifNotExists ? 'IF NOT EXISTS ' : ''
  const sql =
    `CREATE TABLE ${exists}${statement.table} WITH (external_location = ${quote(location)}, ${properties}) AS\n` +
    statement.select
  await write(runner, execution, sql, { 'awsdatacatalog.compression_codec': codec })
  await writeManifest(runner, execution, target)
}

async function write(
  runner: Runner,
  execution: Execution,
  sql: string,
  session: Record<string, string>,
): Promise<void> {
  const outcome = await ask(runner, execution, { sql: withParameters(sql, execution.parameters), session })
  execution.updateCount = outcome.updateCount ?? 0
  execution.columns = [rowsColumn]
}

function targetOf(location: string): S3Location {
  const target = parseS3(location)
  if (!target?.key) throw refused(`INVALID_TABLE_PROPERTY: Not a location in S3: ${location}`, 1109)
  return { ...target, key: target.key.replace(/\/?$/, '/') }
}

/** The connector's properties for Athena's. */
function tableProperties(given: Properties, delimiter: string | undefined): { properties: string; codec: string } {
  const format = String(given.format).toUpperCase()
  if (!formats.has(format)) throw refused(`INVALID_TABLE_PROPERTY: Unknown format: ${String(given.format)}`, 1103)
  const parts = [`format = ${quote(format)}`]
  let codec = 'GZIP'
  let separator = format === 'TEXTFILE' ? delimiter : undefined
  for (const [name, value] of Object.entries(given)) {
    if (name === 'format' || name === 'compression_level') continue
    if (['compression', 'write_compression', 'parquet_compression', 'orc_compression'].includes(name)) {
      const known = codecs[String(value).toUpperCase()]
      if (!known) throw refused(`INVALID_TABLE_PROPERTY: Unknown compression: ${String(value)}`, 1103)
      codec = known
    } else if (name === 'field_delimiter' && format === 'TEXTFILE') separator = String(value)
    else if (name === 'partitioned_by' || name === 'bucketed_by') {
      parts.push(
        `${name} = ARRAY[${[value]
          .flat()
          .map((item) => quote(item.toLowerCase()))
          .join(', ')}]`,
      )
    } else if (name === 'bucket_count') parts.push(`bucket_count = ${Number(value)}`)
    else throw refused(`INVALID_TABLE_PROPERTY: table property '${name}' does not exist`, 1103)
  }
  if (separator !== undefined) parts.push(`textfile_field_separator = U&${unicode(separator)}`)
  return { properties: parts.join(', '), codec }
}

/** For separators that no editor shows. */
const unicode = (text: string) =>
  quote([...text].map((letter) => `\\+${(letter.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`).join(''))

/** Which objects were written, one address a line. */
async function writeManifest(runner: Runner, execution: Execution, target: S3Location): Promise<void> {
  const base = parseS3(execution.outputLocation)
  if (!base) return
  const keys = await runner.store.list(target)
  const lines = keys.map((key) => `${s3Address({ bucket: target.bucket, key })}\n`)
  const manifest = { ...base, key: `${base.key.replace(/[^/]*$/, '')}${execution.id}-manifest.csv` }
  await runner.store.put(
    { ...base, key: `${base.key}.metadata` },
    Buffer.from(JSON.stringify(execution.columns)),
    'binary/octet-stream',
  )
  await runner.store.put(manifest, Buffer.from(lines.join('')), 'text/csv')
  execution.manifestLocation = s3Address(manifest)
}

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogSnapshot, CatalogTable } from '@muniment/archive/catalog/port'
import { loadApplication } from '@muniment/archive/model/load'
import { text } from './duckdb.ts'
import type { Setting } from './setting.ts'

const binaries = '/usr/lib/postgresql'

/**
 * Bytes of the same rows in PostgreSQL with a primary key and an index a foreign key; undefined where none is installed. The server
 * listens on a socket in its own folder only. It refuses to run as root, so root starts it as `postgres`.
 */
export async function postgresBytes(
  setting: Setting,
  duckdb: DuckDBConnection,
  tables: CatalogSnapshot['tables'],
  scratch: string,
): Promise<number | undefined> {
  const version = existsSync(binaries) ? readdirSync(binaries).sort().at(-1) : undefined
  if (!version) return undefined
  const bin = join(binaries, version, 'bin')
  const folder = join('/tmp', `muniment-bench-pg-${process.pid}`)
  mkdirSync(folder)
  chmodSync(folder, 0o777)
  const data = join(folder, 'data')
  const run = (words: string[], input?: string) => asPostgres(words, input)
  try {
    run([join(bin, 'initdb'), '-D', data, '-E', 'UTF8', '--locale=C', '-A', 'trust', '-U', 'bench'])
    const options = `-c listen_addresses='' -c unix_socket_directories=${folder} -c fsync=off -c max_wal_size=8GB`
    run([join(bin, 'pg_ctl'), '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
    const sql = (statement: string) =>
      run([
        join(bin, 'psql'),
        '-h',
        folder,
        '-U',
        'bench',
        '-d',
        'postgres',
        '-qAt',
        '-v',
        'ON_ERROR_STOP=1',
        '-c',
        statement,
      ])
    const model = await loadApplication(setting.templatesRoot, 'pas')
    let bytes = 0
    for (const table of tables) {
      const file = join(folder, `${table.name}.csv`)
      await duckdb.run(`COPY (SELECT * EXCLUDE (_row) FROM ${table.name}) TO ${text(file)} (FORMAT csv, HEADER)`)
      const columns = table.columns.filter(({ name }) => name !== '_row')
      sql(`CREATE TABLE ${table.name} (${columns.map(({ name, type }) => `${name} ${postgresType(type)}`).join(', ')})`)
      sql(`COPY ${table.name} FROM '${file}' (FORMAT csv, HEADER)`)
      for (const index of indexesOf(table, model)) sql(`CREATE INDEX ON ${table.name} (${index})`)
      sql(`VACUUM ANALYZE ${table.name}`)
      bytes += Number(sql(`SELECT pg_total_relation_size('${table.name}')`))
      await rm(file)
    }
    return bytes
  } finally {
    asPostgres([join(bin, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop'], undefined, true)
    await rm(folder, { recursive: true, force: true })
    await rm(scratch, { recursive: true, force: true })
  }
}

function indexesOf(table: CatalogTable, model: Awaited<ReturnType<typeof loadApplication>>): string[] {
  const declared = model.tables.find(({ name }) => name === table.name)
  const columns = new Set(table.columns.map(({ name }) => name))
  const keys = [
    declared?.primaryKey ?? [],
    ...(declared?.foreignKeys ?? []).map((key) => key.columns),
    declared?.sortBy ?? [],
  ]
  return [...new Set(keys.filter((key) => key.every((name) => columns.has(name))).map((key) => key.join(', ')))]
}

const postgresType = (type: string) =>
  type === 'varchar' ? 'text' : type === 'double' ? 'double precision' : type.replace('decimal', 'numeric')

function asPostgres(words: string[], input?: string, quietly = false): string {
  const root = process.getuid?.() === 0
  const [command = '', ...rest] = root ? ['runuser', '-u', 'postgres', '--', ...words] : words
  const { status, stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8', input, cwd: '/tmp' })
  if (status !== 0 && !quietly) throw new Error(`${words[0]}: ${stderr}`)
  return stdout.trim()
}

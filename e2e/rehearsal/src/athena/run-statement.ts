import type { TypeSignature } from '../trino/client.ts'
import { ask, type Runner, rowsColumn } from './ask-engine.ts'
import { everybody } from './caller.ts'
import { runDdl } from './ddl/run.ts'
import type { Execution } from './execution.ts'
import { refused } from './failures.ts'
import { checkPermissions } from './permissions.ts'
import { parseS3 } from './result-store.ts'
import { columnInfo, textColumn } from './results/column-info.ts'
import { csvLine } from './results/csv.ts'
import { createResultFile } from './results/result-file.ts'
import { textOf } from './results/values.ts'
import { withParameters } from './statements/parameters.ts'
import { runCtas, runUnload } from './write-statement.ts'

/** Carries out a statement and leaves its result in S3. Throws QueryFailure or TrinoError. */
export async function runStatement(runner: Runner, execution: Execution): Promise<void> {
  const { statement } = execution
  if (execution.caller !== everybody) await checkPermissions(runner, execution)
  switch (statement.kind) {
    case 'select':
      return runRows(runner, execution, statement.sql, execution.parameters, 'csv')
    case 'text':
      await runRows(runner, execution, statement.sql, execution.parameters, 'text')
      if (statement.view) {
        await runner.catalog.markView(statement.view.database ?? execution.database ?? 'default', statement.view.table)
      }
      return
    case 'insert': {
      const outcome = await ask(runner, execution, { sql: withParameters(statement.sql, execution.parameters) })
      execution.updateCount = outcome.updateCount ?? 0
      execution.columns = [rowsColumn]
      return
    }
    case 'unload':
      return runUnload(runner, execution, statement)
    case 'ctas':
      return runCtas(runner, execution, statement)
    case 'prepare':
      runner.prepared.put(execution.workGroup, statement.name, statement.sql)
      return writeText(runner, execution, [])
    case 'deallocate':
      runner.prepared.remove(execution.workGroup, statement.name)
      return writeText(runner, execution, [])
    case 'execute':
      throw refused(`NOT_FOUND: Prepared statement not found: ${statement.name}`, 1300)
    case 'ddl': {
      const { columns, lines } = await runDdl(
        runner.catalog,
        runner.store,
        statement.ddl,
        execution.database ?? 'default',
      )
      execution.columns = columns.map(textColumn)
      return writeText(runner, execution, lines)
    }
  }
}

async function runRows(
  runner: Runner,
  execution: Execution,
  sql: string,
  parameters: readonly string[] | undefined,
  form: 'csv' | 'text',
): Promise<void> {
  const file = await createResultFile()
  try {
    let types: readonly TypeSignature[] = []
    let header: string[] | undefined
    await ask(runner, execution, {
      sql: withParameters(sql, parameters),
      onColumns: (columns) => {
        execution.columns = columns.map(columnInfo)
        types = columns.map(({ typeSignature }) => typeSignature)
        header = columns.map(({ name }) => name)
      },
      onRows: async (rows) => {
        const texts = rows.map((row) => types.map((type, at) => textOf(row[at], type)))
        const lines = texts.map((row) =>
          form === 'csv' ? csvLine(row) : `${row.map((text) => text ?? '').join('\t')}\n`,
        )
        if (execution.outputRows === 0 && form === 'csv') lines.unshift(csvLine(header ?? []))
        execution.outputRows += rows.length
        await file.write(lines.join(''))
      },
    })
    if (execution.outputRows === 0 && form === 'csv') await file.write(csvLine(header ?? []))
    execution.outputBytes = await file.finish()
    await put(runner, execution, { file: file.path })
  } finally {
    await file.remove()
  }
}

async function writeText(runner: Runner, execution: Execution, lines: readonly string[]): Promise<void> {
  execution.outputRows = lines.length
  await put(runner, execution, Buffer.from(lines.map((line) => `${line}\n`).join('')))
}

async function put(runner: Runner, execution: Execution, body: Buffer | { file: string }): Promise<void> {
  const location = parseS3(execution.outputLocation)
  if (!location) throw refused(`Invalid output location ${execution.outputLocation}`)
  execution.abort.signal.throwIfAborted()
  const metadata = { ...location, key: `${location.key}.metadata` }
  // Its real form is binary and undocumented: what clients may rely on is that it is there.
  await runner.store.put(metadata, Buffer.from(JSON.stringify(execution.columns)), 'binary/octet-stream')
  await runner.store.put(location, body, 'application/octet-stream')
}

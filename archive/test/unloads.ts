import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import type { BoundValue, Execution, StartOptions, UnloadTarget } from '../src/engine/port.ts'
import { makeArchive, policies, startOptions, statement } from './engine-archive.ts'

export type Unloads = Awaited<ReturnType<typeof openUnloads>>

/** An archive with cells of every type, whose engine unloads into folders of its own. */
export async function openUnloads() {
  const archive = await makeArchive({
    pas: {
      policies,
      cells: {
        domain: 'cells',
        columns: {
          id: 'integer',
          cell: 'varchar',
          amount: 'decimal(12,2)',
          day: 'date',
          moment: 'timestamp',
          big: 'bigint',
          code: 'varchar',
        },
        objects: [
          {
            select: `SELECT i::INTEGER AS id, c AS cell, (-1.5 * i)::DECIMAL(12,2) AS amount, DATE '2024-01-01' + i::INTEGER AS day,
              TIMESTAMP_MS '2024-01-01 10:00:00.120' AS moment, 9007199254740993 + i AS big, CASE i % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'B' END AS code
              FROM (SELECT unnest(['=1+1', '+1', '-1', '@x', chr(9) || 'x', chr(13) || 'x', chr(10) || 'x', chr(0) || 'x', '＝1', '＋1', '－1', '＠1',
              'plain', 'a,b', 'say "hi"', 'two' || chr(10) || 'lines', '', 'ünï', '''quoted']) AS c, generate_subscripts([1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19], 1) AS i)
              UNION ALL SELECT 20, NULL, NULL, NULL, NULL, NULL, NULL`,
          },
        ],
      },
    },
  })
  const engine = await archive.engine()
  const folders = await mkdtemp(path.join(archive.home, 'out-'))
  let count = 0

  async function unload(
    sql: string,
    target: Omit<UnloadTarget, 'folder'>,
    values: BoundValue[] = [],
    options: Partial<StartOptions> = {},
  ): Promise<{ execution: Execution; folder: string; file: string }> {
    const folder = path.join(folders, String(++count))
    const id = await engine.unload(
      statement(sql, values),
      { folder, ...target },
      startOptions({ lane: 'export', timeLimit: 60_000, ...options }),
    )
    return { execution: await engine.wait(id, 60_000), folder, file: path.join(folder, `result.${target.format}`) }
  }

  return {
    archive,
    engine,
    folders,
    unload,
    async close() {
      await engine.close()
      await archive.close()
    },
  }
}

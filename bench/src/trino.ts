import { lookupBytes, pointLookups } from '@muniment/rehearsal/agree/lookups'
import { installEquipment } from '@muniment/rehearsal/install/install'
import { loadSample } from '@muniment/rehearsal/sample/load-sample'
import { startStandIns } from '@muniment/rehearsal/stand-ins'
import { type Result, result } from './results.ts'
import type { Setting } from './setting.ts'

/** What Athena reads of a table, through Trino in its place, to give one row by its number; the worst of ten lookups each. */
export async function benchTrino(setting: Setting): Promise<Result[]> {
  const say = (line: string) => console.log(line)
  const standIns = await startStandIns({ equipment: await installEquipment(say), say })
  try {
    const tables = [...new Set(pointLookups.map(({ table }) => table))]
    const { bucket } = await loadSample(standIns.aws, setting.home, 'pas', 'bench', tables)
    const found = await lookupBytes({ aws: standIns.aws, athena: standIns.athena, bucket, home: setting.home })
    const size = `${setting.policies.toLocaleString('en')} policies`
    return found.flatMap(({ table, column, rows, tableBytes, read }) => {
      const most = Math.max(...read)
      return [
        result(
          `Trino: bytes of ${table} that a lookup by ${column} reads, most of ${read.length}, ${size}`,
          (most / tableBytes) * 100,
          '%',
          aimOf(rows),
        ),
        result(`Trino: the same in bytes, ${table} by ${column}, ${size}`, most / 1024, 'KiB'),
      ]
    })
  } finally {
    await standIns.stop()
  }
}

/** Of fewer rows than the aims are for, a row group is a larger part. */
const aimOf = (rows: number): number | undefined => (rows >= 5_000_000 ? 1 : rows >= 1_000_000 ? 2.5 : undefined)

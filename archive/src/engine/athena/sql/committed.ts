import { createHash } from 'node:crypto'
import type { CatalogTable } from '../../../catalog/port.ts'
import { literal } from '../../sql-text.ts'

/**
 * How a table's objects are told from others that lie beside them: each by its name, by a digest of it where names are too many, by its
 * load where digests are too many as well.
 */
export type Naming = 'named' | 'digested' | 'by-load'

/** Of SHA-256: nobody comes upon the digest of an object by chance. */
const DIGEST_BYTES = 8

/**
 * A condition that leaves of a table's rows those in objects that the catalog names. Of objects that it does not name Athena opens none where
 * all are named, and finds out by their paths otherwise. `by-load` alone lets others in: what is named as a load's objects are.
 */
export function committed(table: CatalogTable, records: string, naming: Naming): string {
  const paths = table.objects.map(({ key }) => `${records}${key}`)
  if (naming === 'named') return `"$path" IN (${paths.map(literal).join(', ')})`
  if (naming === 'digested')
    return `substr(sha256(to_utf8("$path")), 1, ${DIGEST_BYTES}) IN (${paths.map((path) => `X'${digest(path)}'`).join(',')})`
  const names = new Set(table.objects.map(({ key }) => shapeOf(key.slice(key.lastIndexOf('/') + 1))))
  return `regexp_like("$path", ${literal(`/(${[...names].join('|')})$`)})`
}

const digest = (path: string) =>
  createHash('sha256')
    .update(path)
    .digest('hex')
    .slice(0, 2 * DIGEST_BYTES)

const shapeOf = (name: string) => {
  const numbered = /^(.+-)\d+\.parquet$/.exec(name)?.[1]
  return numbered === undefined ? escaped(name) : `${escaped(numbered)}[0-9]+\\.parquet`
}

const escaped = (text: string) => text.replace(/[^\w-]/g, (char) => `\\${char}`)

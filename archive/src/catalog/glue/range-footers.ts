import { parquetMetadataAsync, type SchemaElement } from 'hyparquet'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import type { Footer } from '../footer.ts'
import { athenaType } from '../parquet-types.ts'

/** Most footers are smaller, so that one request is enough. */
const FIRST_LOOK = 128 * 1024

export interface FooterOf {
  key: string
  etag: string
  /** Bytes. */
  size: number
}

/** The logical type as the text that DuckDB makes of it. */
function logicalText({ logical_type: logical }: SchemaElement): string | null {
  if (!logical) return null
  switch (logical.type) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
    case 'DATE':
    case 'UUID':
    case 'DECIMAL':
      return `${logical.type[0]}${logical.type === 'UUID' ? 'UID' : logical.type.slice(1).toLowerCase()}Type()`
    case 'TIME':
      return 'TimeType()'
    case 'TIMESTAMP':
      return `TimestampType(isAdjustedToUTC=${logical.isAdjustedToUTC ? 1 : 0}, unit=TimeUnit(${logical.unit}=))`
    default:
      return null
  }
}

function typeOf(element: SchemaElement): string {
  const { logical_type: logical } = element
  const signed = logical?.type === 'INTEGER' ? `${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}` : undefined
  return athenaType({
    type: element.type ?? null,
    children: element.num_children ?? 0,
    converted: element.converted_type ?? signed ?? null,
    logical: logicalText(element),
    precision: element.precision ?? (logical?.type === 'DECIMAL' ? logical.precision : null),
    scale: element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : null),
  })
}

/** The columns below the root, in order; what is inside a nested one is passed over. */
function topLevel([, ...elements]: SchemaElement[]): SchemaElement[] {
  const found: SchemaElement[] = []
  let inside = 0
  for (const element of elements) {
    if (inside > 0) inside--
    else found.push(element)
    inside += element.num_children ?? 0
  }
  return found
}

/** An object's footer, read by ranges; undefined where it is no Parquet, or no longer the object with this ETag. */
export async function readFooter(store: ObjectStore, { key, etag, size }: FooterOf): Promise<Footer | undefined> {
  let lost: Error | undefined
  const file = {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> => {
      try {
        const chunks: Buffer[] = []
        for await (const chunk of await store.stream(key, { start, end, etag })) chunks.push(chunk as Buffer)
        return new Uint8Array(Buffer.concat(chunks)).buffer
      } catch (error) {
        lost = error instanceof Error ? error : new Error('The object could not be read.', { cause: error })
        throw error
      }
    },
  }
  try {
    const { num_rows, schema, row_groups } = await parquetMetadataAsync(file, {
      initialFetchSize: FIRST_LOOK,
      geoparquet: false,
    })
    const bytes = new Map<string, number>()
    for (const { columns } of row_groups)
      for (const { meta_data } of columns) {
        const name = meta_data?.path_in_schema[0] ?? ''
        bytes.set(name, (bytes.get(name) ?? 0) + Number(meta_data?.total_compressed_size ?? 0))
      }
    const columns = topLevel(schema).map((element) => ({
      name: element.name,
      type: typeOf(element),
      bytes: bytes.get(element.name) ?? 0,
    }))
    return { rows: Number(num_rows), columns }
  } catch {
    // What the store says of a network or a permission is not what the object says of itself.
    if (lost && !(lost instanceof ConflictError)) throw lost
    return undefined
  }
}

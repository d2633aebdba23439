import { z } from '@hono/zod-openapi'
import { Problem } from './problem.ts'
import { SearchState } from './searches.ts'

export const StartExport = z
  .strictObject({ panel: z.string(), format: z.enum(['csv', 'xlsx', 'json', 'parquet']), sort: z.string().optional() })
  .openapi('StartExport', { description: 'A panel to take along in full, in a format and an order.' })
export type StartExport = z.infer<typeof StartExport>

export const Export = z
  .object({
    id: z.string(),
    search: z.string(),
    panel: z.string(),
    format: z.enum(['csv', 'xlsx', 'json', 'parquet']),
    state: SearchState,
    /** 0 to 1 where it is known. */
    progress: z.number().optional(),
    rows: z.int().optional(),
    bytes: z.int().optional(),
    fileName: z.string(),
    /** For CSV, JSON and Parquet: the file that says what was searched, when, for which purpose and how many rows. XLSX has it as a sheet. */
    companion: z.string().optional(),
    problem: Problem.optional(),
  })
  .openapi('Export', { description: 'A file being written or ready, with how many rows and bytes it has.' })
export type Export = z.infer<typeof Export>

export const ExportAddress = z
  .object({
    address: z.string(),
    /** ISO 8601. */
    until: z.string(),
  })
  .openapi('ExportAddress', { description: 'Where a file can be fetched without any further proof, for minutes.' })
export type ExportAddress = z.infer<typeof ExportAddress>

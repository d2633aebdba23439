import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeliveryError } from '@muniment/archive/errors'
import { z } from 'zod'

export const MANIFEST = 'manifest.json'

/** What whoever extracted the delivery says about it: `manifest.json` in the delivery's folder. */
export const DeliveryManifest = z.object({
  application: z.string(),
  extractedBy: z.string(),
  extractedAt: z.string(),
  system: z.string(),
  files: z.array(
    z.object({
      name: z.string(),
      table: z.string(),
      sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 is 64 hexadecimal digits'),
      bytes: z.int().nonnegative(),
      rows: z.int().nonnegative(),
      /** Sums by the column's name in the source, as plain decimals with a point. */
      totals: z.record(z.string(), z.string().regex(/^-?\d+(\.\d+)?$/, 'a sum is a plain decimal')).default({}),
    }),
  ),
})
export type DeliveryManifest = z.infer<typeof DeliveryManifest>

export interface ReadManifest {
  manifest?: DeliveryManifest
  /** The file's text, kept with the load as it came. */
  text?: string
  /** What is wrong with it, where it cannot be used. */
  problem?: string
}

export async function readManifest(folder: string, application: string): Promise<ReadManifest> {
  let text: string
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return {}
    throw new DeliveryError(`${MANIFEST} in ${folder} is no file that can be read.`, { cause: error })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { text, problem: `${MANIFEST} is not JSON` }
  }
  const parsed = DeliveryManifest.safeParse(value)
  if (!parsed.success) return { text, problem: `${MANIFEST}: ${z.prettifyError(parsed.error)}` }
  if (parsed.data.application !== application)
    return { text, problem: `${MANIFEST} is for ${parsed.data.application}, not for ${application}` }
  return { text, manifest: parsed.data }
}

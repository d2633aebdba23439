import { mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadApplication } from '@muniment/archive/model/load'
import { anchorPolicies } from './anchors.ts'
import { writeBeginning } from './beginning.ts'
import { type DeliveredFile, DeliveryFiles } from './delivery-files.ts'
import { DeliveryWriter } from './delivery-writer.ts'
import { RANGE } from './identifiers.ts'
import { RANGES_OF_PORTION, runPortions } from './portions.ts'
import { Sample } from './sample.ts'
import { addTruth, emptyTruth, type SampleTruth } from './truth.ts'

export interface SampleOptions {
  /** At least as many as there are anchors (23). */
  policies: number
  /** 0 to 2^32 - 1. The same seed and number of policies give the same bytes. */
  seed: number
  /** The delivery's folder; made where it is missing, its files are replaced. */
  out: string
  /** How many threads; what they write does not depend on it. */
  workers?: number
  /** Told how many of how many policies are written. */
  onProgress?: (done: number, total: number) => void
  /** Where the model is. */
  templatesRoot?: string
}

/** What the delivery's manifest.json says, and beside it what only the generator knows. */
export interface SampleManifest {
  application: string
  extractedBy: string
  extractedAt: string
  system: string
  files: DeliveredFile[]
  truth: SampleTruth
}

const TEMPLATES_ROOT = fileURLToPath(new URL('../../../../query-templates', import.meta.url))

/**
 * Writes the export of the retired policy administration system: one CSV file a table as its model describes the source, then
 * manifest.json. Memory does not grow with the number of policies.
 */
export async function generatePas(options: SampleOptions): Promise<SampleManifest> {
  const { seed, out, workers = cpus().length, onProgress, templatesRoot = TEMPLATES_ROOT } = options
  const application = await loadApplication(templatesRoot, 'pas')
  const random = Math.max(0, options.policies - anchorPolicies)
  const ranges = Math.ceil(random / RANGE)
  const total = anchorPolicies + random
  await mkdir(out, { recursive: true })
  const manifestFile = join(out, 'manifest.json')
  // A folder without it is no delivery: so a generator that was stopped leaves none.
  await rm(manifestFile, { force: true })

  const truth = emptyTruth()
  const files = await DeliveryFiles.open(out, application)
  try {
    const writer = new DeliveryWriter(application)
    writeBeginning(new Sample(seed, writer, truth), application, ranges)
    await files.append(writer.take())
    await runPortions({ application, seed, policies: random, workers }, async (portion) => {
      await files.append(portion.parts)
      addTruth(truth, portion.truth)
      onProgress?.(anchorPolicies + Math.min(random, (portion.number + 1) * RANGES_OF_PORTION * RANGE), total)
    })
  } finally {
    await files.close()
  }
  const manifest = {
    application: application.name,
    extractedBy: 'Altenfelder IT, decommissioning team',
    extractedAt: '2025-01-06T04:30:00Z',
    system: 'PAS 7.4 on z/OS, last day of service 2024-12-31',
    files: files.delivered(),
  }
  for (const file of manifest.files) truth.rows[file.table] = file.rows
  await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`)
  return { ...manifest, truth }
}

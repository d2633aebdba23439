/** Carries out exports that the API hands on; invoked asynchronously, and again where it was stopped. */
import type { Identity } from '@muniment/archive/identity/port'
import { z } from 'zod'
import { createExportWorker } from '../export-worker.ts'
import { openCloud, searching } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'

const Job = z.object({
  export: z.string(),
  reserved: z.number(),
  mostRows: z.number().exactOptional(),
  mostToday: z.number().exactOptional(),
})

/** Nobody asks here: who asked, and what for, was looked at by whoever handed the job on. */
const nobody: Identity = { authenticate: async () => undefined }

const opened = once(async () =>
  createExportWorker({ ...(await searching(await openCloud('exports'))), identity: nobody }),
)

export const handler = handled('exports', async (event: unknown): Promise<void> => (await opened())(Job.parse(event)))

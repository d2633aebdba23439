import type { AppDeps, DispatchedExport } from './deps.ts'
import { createExports } from './exports/exports.ts'
import { createServices } from './shared/services.ts'
import { watchUse } from './unusual-use/watch.ts'

/** Carries out exports that another process has begun and handed on; resolves once the log has them. */
export function createExportWorker(deps: AppDeps): (job: DispatchedExport) => Promise<void> {
  const made = createServices(deps)
  const { audit } = watchUse(made)
  return createExports({ ...made, audit }).carryOut
}

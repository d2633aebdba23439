import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder for what test files of one run share; it goes when the run ends. */
    runFolder: string
  }
}

/** Vitest's global set-up. */
export default async function runFolder(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-run-'))
  project.provide('runFolder', folder)
  return () => rm(folder, { recursive: true, force: true })
}

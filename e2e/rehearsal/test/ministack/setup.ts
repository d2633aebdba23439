import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installEquipment } from '../../src/install/install.ts'
import { startMiniStack } from '../../src/run/ministack.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

declare module 'vitest' {
  interface ProvidedContext {
    ministack: string
  }
}

/** One MiniStack for all tests, signatures and permissions enforced. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  const equipment = await installEquipment((line) => console.log(line))
  const ministack = await startMiniStack(equipment, folder, { auth: true })
  project.provide('ministack', ministack.endpoint)
  return async () => {
    await ministack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

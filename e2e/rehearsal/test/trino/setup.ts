import type { TestProject } from 'vitest/node'
import { installEquipment } from '../../src/install/install.ts'
import { loadSample } from '../../src/sample/load-sample.ts'
import { makeSample } from '../../src/sample/make-sample.ts'
import { startStandIns } from '../../src/stand-ins.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

declare module 'vitest' {
  interface ProvidedContext {
    aws: string
    athena: string
    trino: string
    environment: Readonly<Record<string, string>>
    bucket: string
  }
}

/** One set of stand-ins with the sample for all tests, permissions enforced. */
export default async function setup(project: TestProject) {
  const say = (line: string) => console.log(line)
  const home = await makeSample(1000)
  const standIns = await startStandIns({
    equipment: await installEquipment(say),
    auth: true,
    say,
    settings: { minimumCutoffBytes: 1 },
  })
  try {
    const { bucket } = await loadSample(standIns.aws, home)
    for (const name of ['aws', 'athena', 'trino', 'environment'] as const) project.provide(name, standIns[name])
    project.provide('bucket', bucket)
  } catch (error) {
    await standIns.stop()
    throw error
  }
  return () => standIns.stop()
}

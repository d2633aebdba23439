import { loadApplication } from '@muniment/archive/model/load'
import { openFileStore } from '@muniment/archive/store/file-store'
import { executeRun } from '../../src/execute/execute-run.ts'
import { depsOver, RUN } from './run-world.ts'

/** Carries the run out in a process of its own, which is killed meanwhile: `home`, and the folder of the test's materials. */
const [home = '', folder = ''] = process.argv.slice(2)
const model = await loadApplication(`${folder}/templates`, 'app')
const deps = depsOver(openFileStore(home), { folder, model }, `${home}/.work/retention`)
process.stdout.write('ready\n')
await executeRun(deps, RUN, { workers: 2 })
process.stdout.write('done\n')

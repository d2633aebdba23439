// `npm run -w e2e/rehearsal agree -- [--policies N] [--runs N] [--seed S]`: whether both engines answer alike.
import { parseArgs } from 'node:util'
import { openBothEngines } from '../agree/both-engines.ts'
import { examplesAgree, exportsAgree, expressionsAgree, searchesAgree, told } from '../agree/whole-run.ts'
import { EquipmentError } from '../install/errors.ts'
import { installEquipment } from '../install/install.ts'
import { loadSample } from '../sample/load-sample.ts'
import { makeSample } from '../sample/make-sample.ts'
import { type StandIns, startStandIns } from '../stand-ins.ts'

// The SDK's clients are pinned; what they want of a later Node is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const say = (line: string) => console.log(line)
const { values } = parseArgs({
  options: {
    policies: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})

function whole(name: 'policies' | 'runs' | 'seed'): number {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 1) throw new EquipmentError(`--${name} takes a whole number, 1 or more.`)
  return number
}

let standIns: StandIns | undefined
const end = async (code: number) => {
  await standIns?.stop()
  process.exit(code)
}
process.on('SIGINT', () => void end(130))
process.on('SIGTERM', () => void end(143))

try {
  const [policies, runs, seed] = [whole('policies'), whole('runs'), whole('seed')]
  const equipment = await installEquipment()
  const home = await makeSample(policies)
  standIns = await startStandIns({ equipment, say })
  const { bucket } = await loadSample(standIns.aws, home)
  const engines = await openBothEngines({ ...standIns, bucket, home })
  say(`Seed ${seed}: the same ones again by --policies ${policies} --runs ${runs} --seed ${seed}`)
  let apart = 0
  for (const [what, reported] of [
    ['Examples', () => examplesAgree(engines)],
    ['Exports', () => exportsAgree(engines)],
    ['Generated searches', () => searchesAgree(engines, runs, seed)],
    ['Generated expressions', () => expressionsAgree(engines, runs, seed)],
  ] as const) {
    const report = await reported()
    apart += report.differences.length
    say(told(what, report))
  }
  await engines.close()
  await end(apart === 0 ? 0 : 1)
} catch (error) {
  console.error(error instanceof EquipmentError ? error.message : error)
  await end(1)
}

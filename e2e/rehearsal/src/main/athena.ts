// `npm run athena`: the stand-ins with the sample loaded, until Ctrl-C.
import { parseArgs } from 'node:util'
import { installEquipment } from '../install/install.ts'
import { loadSample } from '../sample/load-sample.ts'
import { makeSample } from '../sample/make-sample.ts'
import { type StandIns, startStandIns } from '../stand-ins.ts'
import { examples } from './examples.ts'

const { values } = parseArgs({
  options: { policies: { type: 'string', default: '1000' }, auth: { type: 'boolean', default: false } },
})
const policies = Number(values.policies)
if (!Number.isInteger(policies) || policies < 1) throw new Error('--policies takes a whole number, 1 or more.')

let standIns: StandIns | undefined
let stopping = false
const stop = async () => {
  if (stopping) return
  stopping = true
  await standIns?.stop()
  process.exit(0)
}
process.on('SIGINT', () => void stop())
process.on('SIGTERM', () => void stop())

const say = (line: string) => console.log(line)
say('Looking for MiniStack, Java and Trino; the first time they are fetched, about 700 MB ...')
const equipment = await installEquipment()
standIns = await startStandIns({ equipment, auth: values.auth, say })
say('Generating and loading the sample ...')
const sample = await loadSample(standIns.aws, await makeSample(policies))
say(`${sample.objects} objects (${(sample.bytes / 1e6).toFixed(1)} MB) and ${sample.tables} tables.\n`)
say(examples(standIns, sample))

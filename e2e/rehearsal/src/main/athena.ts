// `npm run athena`: the stand-ins with the sample loaded, until Ctrl-C.
import { parseArgs } from 'node:util'
import { EquipmentError } from '../install/errors.ts'
import { installEquipment } from '../install/install.ts'
import { loadSample } from '../sample/load-sample.ts'
import { makeSample } from '../sample/make-sample.ts'
import { type StandIns, startStandIns } from '../stand-ins.ts'
import { examples } from './examples.ts'

// The SDK's clients are pinned; what they want of a later Node is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const say = (line: string) => console.log(line)
const { values } = parseArgs({
  options: { policies: { type: 'string', default: '1000' }, auth: { type: 'boolean', default: false } },
})

let standIns: StandIns | undefined
let stopping = false
const end = async (code: number) => {
  if (stopping) return
  stopping = true
  await standIns?.stop()
  process.exit(code)
}
process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))

try {
  const policies = Number(values.policies)
  if (!Number.isInteger(policies) || policies < 1)
    throw new EquipmentError('--policies takes a whole number, 1 or more.')
  say('Looking for MiniStack, Java and Trino; the first time they are fetched, about 700 MB ...')
  const equipment = await installEquipment()
  const home = await makeSample(policies)
  standIns = await startStandIns({ equipment, auth: values.auth, say })
  const sample = await loadSample(standIns.aws, home)
  say(`${sample.objects} objects (${(sample.bytes / 1e6).toFixed(1)} MB) and ${sample.tables} tables.\n`)
  say(examples(standIns, sample))
} catch (error) {
  console.error(error instanceof EquipmentError ? error.message : error)
  await end(1)
}

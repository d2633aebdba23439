import { environments } from '../environments.ts'
import { buildEnvironment, createApp } from './build.ts'
import { SettingsError } from './errors.ts'

const app = createApp()
const name: unknown = app.node.tryGetContext('env')
const known = `Known: ${Object.keys(environments).join(', ')}.`
if (typeof name !== 'string') throw new SettingsError(`Say which environment: -c env=<name>. ${known}`)
const settings = environments[name]
if (!settings) throw new SettingsError(`environments.ts has no environment "${name}". ${known}`)
const version: unknown = app.node.tryGetContext('version')
await buildEnvironment(app, name, settings, typeof version === 'string' ? { version } : {})
app.synth()

// Loaded before a function's code, for what Lambda and Cognito have and their stand-ins lack.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Each execution environment has a /tmp of its own; here they are processes of one machine.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'environment-'))

// What it fetches from Cognito's own address is fetched from what plays it.
const cognito = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com/
const reach = globalThis.fetch

globalThis.fetch = async (input, options) => {
  const address = typeof input === 'string' ? input : (input.url ?? String(input))
  if (!cognito.test(address)) return reach(input, options)
  const answer = await reach(address.replace(cognito, process.env.AWS_ENDPOINT_URL), options)
  return address.endsWith('/.well-known/openid-configuration') && answer.ok ? pagesOf(await answer.json()) : answer
}

/** Cognito names the addresses of its pages by their own host, MiniStack by itself. */
function pagesOf(described) {
  const at = (endpoint) => process.env.REHEARSAL_SIGN_IN_PAGES + new URL(endpoint).pathname
  for (const [name, value] of Object.entries(described)) if (name.endsWith('_endpoint')) described[name] = at(value)
  return Response.json(described)
}

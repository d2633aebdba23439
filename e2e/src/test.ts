import { type BrowserContext, test as base } from '@playwright/test'
import { Archive } from './archive.ts'
import { required, serversHome, serverUrl } from './environment.ts'
import { ContextGuard, type Guard } from './guard.ts'
import { readersTokenInAws } from './readers-token.ts'
import { type Server, startServer } from './server.ts'
import { awsSetting } from './setting.ts'
import { type SignedIn, signInOnce } from './signed-in.ts'

export { expect } from '@playwright/test'

interface Options {
  /** What one works for, in a sentence of this test alone; null where the product is to ask. */
  purpose: string | null
}

interface Fixtures {
  guard: Guard
  /** Data folder of the server. */
  home: string
  /** The product's own interface, to have searches at hand that the test is not about. */
  archive: Archive
  watched: undefined
}

interface WorkerFixtures {
  /** A server that one worker may change, stop and break, with records of its own. */
  ownServer: Server
  /** The reader, signed in by the page once a worker: at the shared server, and at the worker's own. */
  signedIn: SignedIn
  ownSignedIn: SignedIn
}

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  purpose: ['What browser tests look at', { option: true }],

  // Not in the configuration, which is read before the server is there.
  baseURL: async ({ browserName: _ }, use) => use(awsSetting()?.origin ?? required(serverUrl)),

  home: async ({ browserName: _ }, use) => use(awsSetting() ? '' : required(serversHome)),

  storageState: async ({ signedIn }, use) => use(signedIn),

  guard: async ({ baseURL }, use) => use(new ContextGuard(baseURL ?? '', awsSetting()?.also)),

  archive: async ({ baseURL, home, purpose }, use) => {
    const aws = awsSetting()
    const note = purpose ?? 'What browser tests look at'
    await use(aws ? new Archive(aws.api, () => readersTokenInAws(aws), note) : new Archive(baseURL ?? '', home, note))
  },

  context: async ({ context, guard, purpose }, use) => {
    await (guard as ContextGuard).watch(context)
    if (purpose !== null) await statePurpose(context, purpose)
    await use(context)
    await (guard as ContextGuard).assess(context)
  },

  ownServer: [
    async ({ browserName: _ }, use) => {
      const server = await startServer({ recordsOf: required(serversHome) })
      await use(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],

  signedIn: [
    async ({ browser }, use) => use(await signInOnce(browser, awsSetting()?.origin ?? required(serverUrl))),
    { scope: 'worker' },
  ],

  ownSignedIn: [
    async ({ browser, ownServer }, use) => use(await signInOnce(browser, ownServer.url)),
    { scope: 'worker' },
  ],
})

export const testReason = { code: 'system-test', label: 'System test' }

/** As if the person had answered before, in this tab. */
async function statePurpose(context: BrowserContext, note: string): Promise<void> {
  await context.addInitScript(
    ([key, value]) => {
      if (!location.protocol.startsWith('http')) return
      if (key && value && sessionStorage.getItem(key) === null) sessionStorage.setItem(key, value)
    },
    ['muniment.purpose', JSON.stringify({ reason: testReason.code, note })],
  )
}

import { childrenOf } from './server.ts'
import { addSlowUseCases } from './slow-use-cases.ts'
import { test as watched } from './test.ts'

export { expect } from './test.ts'

/** Tests against the worker's own server, which they may change and break. */
export const test = watched.extend<{ engine: Engine }>({
  baseURL: async ({ ownServer }, use) => use(ownServer.url),
  engine: async ({ ownServer }, use) => {
    await addSlowUseCases(ownServer.templates)
    await use({
      processes: () => childrenOf(ownServer.pid),
      kill: async () => {
        const killed = await childrenOf(ownServer.pid)
        for (const pid of killed) process.kill(pid, 'SIGKILL')
        return killed.length
      },
    })
  },
})

interface Engine {
  processes(): Promise<number[]>
  /** Kills all of its processes and says how many there were. */
  kill(): Promise<number>
}

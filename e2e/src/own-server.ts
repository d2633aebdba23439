import { childrenOf } from './server.ts'
import { addSlowUseCases } from './slow-use-cases.ts'
import { expect, test as watched } from './test.ts'

export { expect }

/** Tests against the worker's own server, which they may change and break. */
export const test = watched.extend<{ engine: Engine }>({
  baseURL: async ({ ownServer }, use) => use(ownServer.url),
  engine: async ({ ownServer }, use) => {
    await addSlowUseCases(ownServer.templates)
    // The server looks at the folder at most once a second.
    await expect.poll(() => isOffered(ownServer.url, 'many-rows'), { timeout: 30_000 }).toBe(true)
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

async function isOffered(url: string, name: string): Promise<boolean> {
  const response = await fetch(`${url}/api/applications/pas/use-cases`)
  const useCases = (await response.json()) as { name: string }[]
  return useCases.some((useCase) => useCase.name === name)
}

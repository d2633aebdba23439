import { Archive } from './archive.ts'
import { childrenOf } from './server.ts'
import { addSlowUseCases } from './slow-use-cases.ts'
import { expect, test as watched } from './test.ts'

export { expect }

/** Tests against the worker's own server, which they may change and break. */
export const test = watched.extend<{ engine: Engine }>({
  baseURL: async ({ ownServer }, use) => use(ownServer.url),
  home: async ({ ownServer }, use) => use(ownServer.home),
  storageState: async ({ ownSignedIn }, use) => use(ownSignedIn),
  engine: async ({ ownServer }, use) => {
    await addSlowUseCases(ownServer.templates)
    // The server looks at the folder at most once a second.
    const archive = new Archive(ownServer.url, ownServer.home, '')
    await expect.poll(() => isOffered(archive, 'many-rows'), { timeout: 30_000 }).toBe(true)
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

async function isOffered(archive: Archive, name: string): Promise<boolean> {
  const response = await archive.fetch('/api/applications/pas/use-cases')
  const useCases = (await response.json()) as { name: string }[]
  return useCases.some((useCase) => useCase.name === name)
}

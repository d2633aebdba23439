import type { SignIn } from '../contract.ts'
import { createRouter } from '../shared/router.ts'

/** What a browser asks before anybody is known: where to sign in. */
export function signInRoutes(describe: () => Promise<SignIn>) {
  const router = createRouter()
  router.get('/sign-in.json', async (c) => c.json(await describe(), 200))
  return router
}

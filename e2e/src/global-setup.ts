import { serversHome, serverUrl } from './environment.ts'
import { startServer } from './server.ts'

/** One server with a sample of 1,000 policies for all tests that only read; Playwright calls what is returned at the end. */
export default async function globalSetup() {
  const server = await startServer()
  process.env[serverUrl] = server.url
  process.env[serversHome] = server.home
  return server.stop
}

import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Equipment } from '../install/install.ts'
import { makeCertificate } from './certificate.ts'
import { answer, forward, readAll } from './forward.ts'
import type { SignInPages } from './sign-in-pages.ts'

export interface Edge {
  readonly port: number
  /** For Chromium's `--host-resolver-rules`: these hosts are here. */
  readonly resolverRules: string
  stop(): Promise<void>
}

export interface EdgeOptions {
  readonly equipment: Equipment
  /** MiniStack, whose CloudFront answers for `site`. */
  readonly aws: string
  /** Host of the distribution. */
  readonly site: string
  /** Host of the sign-in pages. */
  readonly pages: string
  readonly signIn: SignInPages
}

/**
 * What browsers reach in place of CloudFront and of Cognito's pages: TLS for both hosts on one port of this machine, and
 * nothing more. Behaviours, functions, headers and origins are MiniStack's, by what was deployed.
 */
export async function startEdge({ equipment, aws, site, pages, signIn }: EdgeOptions): Promise<Edge> {
  const server = createServer(await makeCertificate(equipment, [site, pages]), (incoming, response) => {
    void (async () => {
      const { method = 'GET', url = '/', headers } = incoming
      const call = { method, path: url, headers, body: await readAll(incoming) }
      const host = headers.host?.split(':')[0]
      if (host === site) answer(response, await forward(aws, call))
      else if (host === pages) answer(response, await signIn(call))
      else answer(response, { status: 421, headers: {}, body: Buffer.from(`${host} is not here.`) })
    })().catch((error: unknown) => {
      response.writeHead(502, { 'content-type': 'text/plain' })
      response.end(String(error))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    resolverRules: [site, pages].map((host) => `MAP ${host}:443 127.0.0.1:${port}`).join(','),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

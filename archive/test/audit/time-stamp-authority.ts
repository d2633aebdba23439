import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the tool is there of which the authority is made. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unnamed
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[no-further]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
[stamps]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[not-critical]
basicConstraints = CA:FALSE
extendedKeyUsage = timeStamping
[code]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, codeSigning
[stamps-and-code]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, timeStamping, codeSigning
[authority]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[old-fashioned]
serial = ./serial
crypto_device = builtin
signer_digest = sha512
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha1
[other-hashes]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
`
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const RSA = ['-newkey', 'rsa:2048', '-nodes']

/** A folder of keys and certificates by name, and what `openssl ts` makes with them. */
export function testAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'tsa-'))
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG)
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const file = (name: string) => join(folder, name)

  return {
    folder,
    run,
    remove: () => rmSync(folder, { recursive: true }),
    pem: (name: string) => readFileSync(file(`${name}.pem`), 'utf8'),
    root(name: string) {
      const made = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
      run('req', '-x509', ...CURVE, ...made, '-config', 'tsa.cnf', '-extensions', 'root', '-subj', `/CN=${name}`)
    },
    issue(name: string, by: string, { as = 'stamps', days = 30, rsa = false } = {}) {
      const asked = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`]
      run('req', ...(rsa ? RSA : CURVE), ...asked, '-config', 'tsa.cnf')
      const signed = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', String(days)]
      const extensions = ['-extfile', 'tsa.cnf', '-extensions', as]
      run('x509', '-req', '-in', `${name}.csr`, ...signed, ...extensions, '-out', `${name}.pem`)
    },
    /** A reply to the query by `signer`, with the certificates `chain` added. */
    reply(query: Buffer, signer: string, { chain = [] as string[], section = 'authority' } = {}): Buffer {
      writeFileSync(file('query.tsq'), query)
      writeFileSync(file('chain.pem'), chain.map((name) => readFileSync(file(`${name}.pem`), 'utf8')).join(''))
      const by = ['-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-chain', 'chain.pem']
      run(
        'ts',
        '-reply',
        '-config',
        'tsa.cnf',
        '-section',
        section,
        '-queryfile',
        'query.tsq',
        ...by,
        '-out',
        'reply.tsr',
      )
      return readFileSync(file('reply.tsr'))
    },
    /** A query of its own, with another nonce, for other bytes or the same. */
    query(data: Buffer, ...more: string[]): Buffer {
      writeFileSync(file('data'), data)
      run('ts', '-query', '-data', 'data', '-sha256', '-cert', ...more, '-out', 'own.tsq')
      return readFileSync(file('own.tsq'))
    },
    /** What `openssl ts -verify` says to the files as they are stored. */
    verify(checkpoint: Buffer, token: Buffer, authority: string) {
      writeFileSync(file('CHECKPOINT'), checkpoint)
      writeFileSync(file('TOKEN'), token)
      const args = ['ts', '-verify', '-data', 'CHECKPOINT', '-in', 'TOKEN', '-CAfile', `${authority}.pem`]
      const { status, stdout } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
      return { status, stdout }
    },
  }
}
export type TestAuthority = ReturnType<typeof testAuthority>

type Answer = { status?: number; headers?: Record<string, string>; body?: Buffer } | 'nothing'

/** Serves answers on loopback; `asked` counts. */
export async function serve(answer: (query: Buffer, request: IncomingMessage) => Answer) {
  let asked = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked++
      const given = answer(Buffer.concat(chunks), request)
      if (given === 'nothing') return
      response.writeHead(given.status ?? 200, { 'content-type': 'application/timestamp-reply', ...given.headers })
      response.end(given.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}/`,
    asked: () => asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

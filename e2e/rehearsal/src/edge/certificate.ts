import { dirname, join } from 'node:path'
import type { Equipment } from '../install/install.ts'
import { tool } from '../install/tool.ts'

/** Key and certificate, PEM, for these host names. MiniStack's own Python makes them: nothing else here surely can. */
export async function makeCertificate({ ministack }: Equipment, hosts: readonly string[]) {
  const python = join(dirname(ministack), 'python')
  const printed = await tool(python, [join(import.meta.dirname, 'certificate.py'), ...hosts])
  const part = (name: string): string => {
    const found = new RegExp(`-----BEGIN ${name}-----[^-]+-----END ${name}-----`).exec(printed)?.[0]
    if (found === undefined) throw new Error(`No ${name} was made: ${printed.slice(0, 500)}`)
    return found
  }
  return { key: part('PRIVATE KEY'), cert: part('CERTIFICATE') }
}

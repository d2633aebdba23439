import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { OperatorError } from '@muniment/archive/errors'

export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | undefined

/**
 * Where a request comes from. Of what stands before this server only those are believed that are `trusted` (addresses, or networks as
 * 10.0.0.0/8): `X-Forwarded-For` is read from its end, as far as they go. Throws OperatorError for what is no address.
 */
export function clientAddress(trusted: readonly string[] = []): ClientAddress {
  const proxies = new BlockList()
  for (const one of trusted) add(proxies, one)
  const isTrusted = (address: string) => proxies.check(plain(address), isIP(plain(address)) === 6 ? 'ipv6' : 'ipv4')
  return ({ headers, socket }) => {
    const direct = socket.remoteAddress
    if (direct === undefined || trusted.length === 0 || !isTrusted(direct)) return direct
    const said = [headers['x-forwarded-for'] ?? []].flat().join(',')
    let address = direct
    for (const hop of said.split(',').reverse()) {
      const next = withoutPort(hop.trim())
      if (isIP(next) === 0) break
      address = next
      if (!isTrusted(next)) break
    }
    return address
  }
}

/** IPv4 as a socket for both kinds tells it. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

const withoutPort = (hop: string): string =>
  /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop

function add(list: BlockList, text: string): void {
  const [address = '', bits, ...rest] = text.split('/')
  const kind = isIP(address)
  const most = kind === 6 ? 128 : 32
  const length = bits === undefined ? most : Number(bits)
  const isRight = kind !== 0 && rest.length === 0 && /^\d+$/.test(bits ?? '0') && length <= most
  if (!isRight) throw new OperatorError(`${text} is neither an address nor a network, as 10.0.0.0/8.`)
  list.addSubnet(address, length, kind === 6 ? 'ipv6' : 'ipv4')
}

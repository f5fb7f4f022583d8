import { BlockList, isIP } from 'node:net'
import { readAddressBlock } from '../../shared/addressBlock'
import type { WebhookRequest } from './readRequest'

/** One rule: see readAddressBlock. */
export function isAddressRule(rule: string): boolean {
  return readAddressBlock(rule) !== undefined
}

/**
 * Compiles rules that have passed isAddressRule.
 * @returns whether an address is in one of them; what is no address is in none
 */
export function compileAddresses(rules: readonly string[]): (address: string) => boolean {
  // loading node's list takes milliseconds of a cold start
  if (rules.length === 0) return () => false
  const list = new BlockList()
  for (const block of rules.map(readAddressBlock)) {
    if (block !== undefined) list.addSubnet(block.address, block.bits, `ipv${block.family}`)
  }
  return (address) => {
    // with a zone it is an address of this machine's own links, and node's list passes over the zone
    const family = address.includes('%') ? 0 : isIP(address)
    // `::ffff:203.119.0.1` is 203.119.0.1 as a socket for both families sees it: the list knows
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/**
 * Who is calling. The platform's source address is the truth; X-Forwarded-For is written by whoever calls, and counts
 * only as far as proxies of our own wrote it: from the right, the first hop that is not one of them.
 *
 * @param isTrustedProxy addresses of TRUSTED_PROXIES
 */
export function clientAddress(request: WebhookRequest, isTrustedProxy: (address: string) => boolean): string {
  const hops = (request.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  return hops.reduceRight((client, hop) => (isTrustedProxy(client) ? hop : client), request.sourceIp)
}

import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackHost } from '../../shared/isLoopbackHost'

const REFUSED = 'its host is not this machine, nor one of the hosts that events may be sent to'

/**
 * Guards where an event is sent: to this machine, and to the hosts that were allowed by name. Rules are often shared with
 * the cloud, and a test employee is not to show up there.
 * @returns what looks the host up when it is connected to, and refuses a name that leads elsewhere; undefined when
 *   nothing needs to be looked at then
 * @throws Error for an address elsewhere
 */
export function guardHost({ hostname }: URL, allowedHosts: readonly string[] = []): LookupFunction | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (allowedHosts.includes(host)) return undefined
  if (isIP(host) === 0) return lookUpOnThisMachine
  if (!isLoopbackHost(host)) throw new Error(REFUSED)
  return undefined
}

const lookUpOnThisMachine: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || first === undefined) return callback(error ?? new Error('no address'), '', 0)
    if (!addresses.every(({ address }) => isLoopbackHost(address))) return callback(new HostRefused(), '', 0)
    if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

/** With a code, as errors of the network have. */
class HostRefused extends Error {
  override name = 'HostRefused' as const
  code = REFUSED
}

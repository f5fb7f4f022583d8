import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { BlockList, isIPv6 } from 'node:net'
import { ConfigError } from '../../shared/config'

/** Loopback and the addresses that never leave a private network: RFC 1918, RFC 4193, Alibaba Cloud's 100.64/10. */
const privateAddresses = new BlockList()
privateAddresses.addSubnet('127.0.0.0', 8)
privateAddresses.addSubnet('10.0.0.0', 8)
privateAddresses.addSubnet('172.16.0.0', 12)
privateAddresses.addSubnet('192.168.0.0', 16)
privateAddresses.addSubnet('100.64.0.0', 10)
privateAddresses.addSubnet('::1', 128, 'ipv6')
privateAddresses.addSubnet('fc00::', 7, 'ipv6')

export interface Tls {
  rejectUnauthorized: true
  ca?: string
}

/**
 * `off`, `required`, or the file of a CA. Unset, TLS is required unless the host resolves to private addresses only.
 * The server's certificate is always verified.
 * @throws ConfigError when the CA file cannot be read
 */
export async function tlsFor(setting: string | undefined, host: string): Promise<Tls | undefined> {
  if (setting === 'off') return undefined
  if (setting === 'required') return { rejectUnauthorized: true }
  if (setting !== undefined) return { rejectUnauthorized: true, ca: readCa(setting) }
  return (await isPrivate(host)) ? undefined : { rejectUnauthorized: true }
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new ConfigError('MYSQL_SSL: must be off, required, or a CA file that can be read')
  }
}

async function isPrivate(host: string): Promise<boolean> {
  const addresses = await lookup(host, { all: true })
  return addresses.every(({ address }) => privateAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
}

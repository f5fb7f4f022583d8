import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BlockList, isIP, isIPv6 } from 'node:net'
import path from 'node:path'
import { ConfigError } from './config'

/** Loopback and the addresses that never leave a private network: RFC 1918, RFC 4193, Alibaba Cloud's 100.64/10. */
const privateAddresses = new BlockList()
privateAddresses.addSubnet('127.0.0.0', 8)
privateAddresses.addSubnet('10.0.0.0', 8)
privateAddresses.addSubnet('172.16.0.0', 12)
privateAddresses.addSubnet('192.168.0.0', 16)
privateAddresses.addSubnet('100.64.0.0', 10)
privateAddresses.addSubnet('::1', 128, 'ipv6')
privateAddresses.addSubnet('fc00::', 7, 'ipv6')

/** As the driver takes it. */
export interface Tls {
  rejectUnauthorized: true
  verifyIdentity: true
  ca?: string
}

/** Whether and how a connection is encrypted, by the address that it reached. */
export type TlsChoice = (address: string | undefined) => Tls | undefined

/**
 * Reads MYSQL_SSL: `off`, `required`, or the file of a CA. Unset, TLS is required unless the address that the host
 * resolved to is private.
 *
 * The server's certificate is always verified, its name too, which must be the host: RDS certificates carry the domain
 * name of the instance, so TLS to a bare IP address is refused. RDS certificates are of Alibaba Cloud's own CA, which no
 * system knows: download it (ApsaraDB-CA-Chain.pem), let the build put it beside the code, and name the file.
 * https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-mysql/configure-a-cloud-certificate-to-enable-ssl-encryption
 *
 * @param codeFolder where a relative file name begins: the folder of the bundle, wherever the process was started
 * @throws ConfigError
 */
export function readTls(setting: string | undefined, host: string, codeFolder: string = __dirname): TlsChoice {
  if (setting === 'off' || (setting === undefined && isPrivate(host))) return () => undefined
  if (isIP(host) !== 0) {
    throw new ConfigError(
      'MYSQL_HOST: must be a name, as in the certificate of the server, and not an IP address, for TLS',
    )
  }
  const verified = { rejectUnauthorized: true, verifyIdentity: true } as const
  if (setting === undefined) return (address = '') => (isPrivate(address) ? undefined : verified)
  const tls = setting === 'required' ? verified : { ...verified, ca: readCa(path.resolve(codeFolder, setting)) }
  return () => tls
}

function readCa(file: string): string {
  try {
    const ca = readFileSync(file, 'utf8')
    new X509Certificate(ca)
    return ca
  } catch {
    throw new ConfigError('MYSQL_SSL: must be off, required, or the file of a CA certificate (PEM)')
  }
}

function isPrivate(address: string): boolean {
  return isIP(address) !== 0 && privateAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

import { isIP } from 'node:net'

/** A block of addresses: those whose first `bits` are those of `address`. */
export interface AddressBlock {
  family: 4 | 6
  address: string
  bits: number
}

/** Reads an address, or a block of them: `203.119.0.0/16`, `2001:db8::/32`. Undefined for any other text. */
export function readAddressBlock(text: string): AddressBlock | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const family = isIP(address)
  if ((family !== 4 && family !== 6) || rest.length > 0 || address.includes('%')) return undefined
  const most = family === 4 ? 32 : 128
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  return bits <= most ? { family, address, bits } : undefined
}

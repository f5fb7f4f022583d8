import { isIPv4 } from 'node:net'
import type { Condition, Refuse } from './condition'

/**
 * Compiles the operand of `cidr`: an IPv4 block such as `10.0.0.0/24`, its first and last address included, or one
 * address. Not node:net's BlockList: it builds an object for each check and took 3.5 µs, against 0.3 for a whole match.
 */
export function compileCidr(operand: unknown, refuse: Refuse): Condition {
  const [address = '', bits = '32', ...rest] = typeof operand === 'string' ? operand.split('/') : []
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32 || rest.length > 0) {
    return refuse('cidr needs an IPv4 block such as "10.0.0.0/24" or an IPv4 address; IPv6 is not supported')
  }
  const size = 2 ** (32 - Number(bits))
  const block = Math.floor(toNumber(address) / size)
  return (value) => typeof value === 'string' && isIPv4(value) && Math.floor(toNumber(value) / size) === block
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

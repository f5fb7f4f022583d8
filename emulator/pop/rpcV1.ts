import { createHmac } from 'node:crypto'
import { encode } from './encode'

/*
 * The RPC signature of version 1.0, HMAC-SHA1, of the parameter Signature:
 * https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism
 */

/** @param parameters of query and form, decoded */
export function rpcStringToSign(method: string, parameters: Iterable<[string, string]>): string {
  const canonical = [...parameters]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  return `${method}&%2F&${encode(canonical)}`
}

export function rpcSignature(stringToSign: string, secret: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')
}

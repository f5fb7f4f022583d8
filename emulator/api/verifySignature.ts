import type { IncomingHttpHeaders } from 'node:http'
import { sign, stringToSign } from '../../shared/eventbridge/signature'
import { sameDigest } from '../../shared/sameText'
import { ApiError } from './refusal'

export interface AccessKey {
  accessKeyId: string
  accessKeySecret: string
  /** of temporary credentials: such a key is good only together with this token; one without, with any token or none */
  securityToken?: string
}

/**
 * Verifies the signature over the headers exactly as they were received. Both `acs:AK:signature` (SDKs) and
 * `acs AK:signature` (the document's example) are known.
 * @param url path and query of the request
 * @throws ApiError 403, with the codes of https://help.aliyun.com/zh/eventbridge/error-codes
 */
export function verifySignature(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  keys: readonly AccessKey[],
): void {
  const [, accessKeyId, signature] = /^acs[: ]([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? []
  if (accessKeyId === undefined || signature === undefined) {
    throw new ApiError(
      403,
      'AccessDenied',
      'The request has no signature: authorization: acs:<AccessKeyId>:<signature>.',
    )
  }
  const { 'x-acs-security-token': token } = headers
  const key = knownKey(keys, accessKeyId, token === undefined ? undefined : String(token))
  const expected = sign(stringToSign(method, headers, signedResource(url)), key.accessKeySecret)
  if (!sameDigest(signature, expected)) {
    throw new ApiError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    )
  }
}

/** The key of this id that is good with this token, if any. */
export function findKey(keys: readonly AccessKey[], id: string, token: string | undefined): AccessKey | undefined {
  return keys.find(
    ({ accessKeyId, securityToken }) => accessKeyId === id && (securityToken === undefined || securityToken === token),
  )
}

function knownKey(keys: readonly AccessKey[], id: string, token: string | undefined): AccessKey {
  const key = findKey(keys, id, token)
  if (key !== undefined) return key
  if (token === undefined) {
    throw new ApiError(403, 'InvalidAccessKeyId', 'The access Id you provided is not exist.')
  }
  if (!keys.some(({ accessKeyId }) => accessKeyId === id)) {
    throw new ApiError(403, 'InvalidStsAccessKeyId', 'The sts access Id you provided is not exist.')
  }
  throw new ApiError(403, 'SecurityTokenInvalid', 'The Security token that your provide is invalid.')
}

/** The path, and the query sorted by name with its values decoded, as the SDKs join it. */
function signedResource(url: string): string {
  if (PLAIN_PATH.test(url)) return url
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).sort()
  return query.length === 0 ? pathname : `${pathname}?${query.join('&')}`
}

/** What URL leaves as it is; it takes twenty times as long to do so. */
const PLAIN_PATH = /^(?:\/[\w-]+)+$/

/** The path of a request's url. */
export function pathnameOf(url: string): string {
  return PLAIN_PATH.test(url) ? url : new URL(url, 'http://localhost').pathname
}

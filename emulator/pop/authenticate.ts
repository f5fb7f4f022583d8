import { sameDigest } from '../../shared/sameText'
import { ApiError } from '../api/refusal'
import { type AccessKey, findKey } from '../api/verifySignature'
import { acs3Signature, acs3StringToSign, parseAcs3, sha256 } from './acs3'
import type { PopRequest } from './popRequest'
import { rpcSignature, rpcStringToSign } from './rpcV1'

interface AuthenticateOptions {
  accessKeys: readonly AccessKey[]
  /** how far a request's time may be from now, and how long a nonce is remembered; without, neither is checked */
  maxClockSkewMs?: number | undefined
  now(): number
}

/**
 * Checks who signed a request, by ACS3-HMAC-SHA256 in the header Authorization or by RPC's version 1.0 in parameters, and
 * whether it is signed as it came.
 *
 * A nonce that was used before is refused where times are checked: the gateway forgets one when its time has expired, so
 * without times a recorded request may be sent again here as often as one likes.
 */
export function createAuthenticate({ accessKeys, maxClockSkewMs, now }: AuthenticateOptions) {
  /** by when they are forgotten, the oldest first */
  const nonces = new Map<string, number>()

  /** @throws ApiError with the codes of the gateway */
  return function authenticate(request: PopRequest): void {
    const { accessKeyId, securityToken, signature, stringToSign, sign, time, nonce } = readSignature(request)
    const { accessKeySecret } = keyOf(accessKeyId, securityToken)
    const at = readTime(time)
    if (maxClockSkewMs !== undefined && Math.abs(at - now()) > maxClockSkewMs) {
      const message = `Specified time stamp or date value is expired. The clock here says ${new Date(now()).toISOString()}.`
      throw new ApiError(400, 'InvalidTimeStamp.Expired', message)
    }
    if (!sameDigest(signature, sign(stringToSign, accessKeySecret))) {
      // with the text clients tell a wrong secret from a mistake of their own; it holds what they have sent
      const message = `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`
      throw new ApiError(400, 'SignatureDoesNotMatch', message)
    }
    if (maxClockSkewMs !== undefined) useNonce(`${accessKeyId} ${nonce}`, maxClockSkewMs)
  }

  function keyOf(id: string, token: string | undefined): AccessKey {
    const key = findKey(accessKeys, id, token)
    if (key !== undefined) return key
    if (token !== undefined && accessKeys.some(({ accessKeyId }) => accessKeyId === id)) {
      const message = 'Specified SecurityToken mismatch with the AccessKey.'
      throw new ApiError(400, 'InvalidSecurityToken.MismatchWithAccessKey', message)
    }
    throw new ApiError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
  }

  function useNonce(nonce: string, skewMs: number): void {
    for (const [old, until] of nonces) {
      if (until > now()) break
      nonces.delete(old)
    }
    if (nonces.has(nonce)) throw new ApiError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
    // one whose time is ahead of ours can come again until it is as far behind
    nonces.set(nonce, now() + 2 * skewMs)
  }
}

interface GivenSignature {
  accessKeyId: string
  securityToken: string | undefined
  signature: string
  stringToSign: string
  sign(stringToSign: string, secret: string): string
  time: string
  nonce: string
}

function readSignature(request: PopRequest): GivenSignature {
  const { authorization } = request.headers
  return authorization === undefined ? readRpcSignature(request) : readAcs3Signature(request, authorization)
}

/** What says what is asked, when and of whom: a signature that leaves one of them out would be good for another request. */
const ALWAYS_SIGNED = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
  'x-acs-security-token',
]

function readAcs3Signature(request: PopRequest, authorization: string): GivenSignature {
  const { headers, body } = request
  const parsed = parseAcs3(authorization)
  if (parsed === undefined) {
    throw incomplete('Authorization must be: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…')
  }
  const { accessKeyId, signedHeaders, signature } = parsed
  const unsigned = ALWAYS_SIGNED.filter((name) => headers[name] !== undefined && !signedHeaders.includes(name))
  if (unsigned.length > 0) throw incomplete(`SignedHeaders must have ${unsigned.join(', ')}.`)
  const header = (name: string) => {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') return value
    throw new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`)
  }
  const bodyHash = headers['x-acs-content-sha256']
  if (bodyHash !== undefined && bodyHash !== sha256(body)) {
    throw new ApiError(400, 'SignatureDoesNotMatch', 'The x-acs-content-sha256 is not that of the body.')
  }
  const token = headers['x-acs-security-token']
  return {
    ...{ accessKeyId, signature, securityToken: token === undefined ? undefined : String(token) },
    stringToSign: acs3StringToSign(request, signedHeaders),
    sign: acs3Signature,
    time: header('x-acs-date'),
    nonce: header('x-acs-signature-nonce'),
  }
}

function readRpcSignature({ method, parameters }: PopRequest): GivenSignature {
  // of the parameters that are signed alone: those of a JSON body are not
  const values = new Map(parameters)
  const given = (name: string) => {
    const value = values.get(name)
    if (value) return value
    throw new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`)
  }
  const accessKeyId = given('AccessKeyId')
  for (const [name, only] of [
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureVersion', '1.0'],
  ] as const) {
    if (given(name) === only) continue
    throw new ApiError(400, `Invalid${name}`, `Specified parameter ${name} is not valid. It must be ${only} here.`)
  }
  return {
    ...{ accessKeyId, securityToken: values.get('SecurityToken'), signature: given('Signature') },
    stringToSign: rpcStringToSign(method, parameters),
    sign: rpcSignature,
    time: given('Timestamp'),
    nonce: given('SignatureNonce'),
  }
}

function incomplete(hint: string): ApiError {
  const message = `The request signature does not conform to Aliyun standards. ${hint}`
  return new ApiError(400, 'IncompleteSignature', message)
}

function readTime(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  const message = 'Specified time stamp or date value is not well formatted. It must be YYYY-MM-DDThh:mm:ssZ.'
  throw new ApiError(400, 'InvalidTimeStamp.Format', message)
}

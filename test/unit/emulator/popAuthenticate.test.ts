import { acs3Signature, acs3StringToSign, sha256 } from '../../../emulator/pop/acs3'
import { createAuthenticate } from '../../../emulator/pop/authenticate'
import type { PopRequest } from '../../../emulator/pop/popRequest'
import { rpcSignature, rpcStringToSign } from '../../../emulator/pop/rpcV1'

const key = { accessKeyId: 'id', accessKeySecret: 'secret' }
const authenticate = createAuthenticate({ accessKeys: [key], now: () => 0 })

const headers = {
  host: '127.0.0.1:1',
  'x-acs-action': 'GetEventBus',
  'x-acs-version': '2020-04-01',
  'x-acs-date': '2026-01-01T00:00:00Z',
  'x-acs-signature-nonce': 'n',
  'x-acs-content-sha256': sha256(''),
}
const request = (given: Partial<PopRequest>): PopRequest => ({
  ...{ method: 'POST', path: '/', query: [], headers: {}, body: Buffer.alloc(0), parameters: [], values: new Map() },
  ...{ action: '', version: '', ...given },
})

/** Signed well, over the headers that are named. */
function acs3(given: Record<string, string | undefined> = {}, signed: string[] = Object.keys(headers)): PopRequest {
  const unsigned = request({ headers: { ...headers, ...given } })
  const signature = acs3Signature(acs3StringToSign(unsigned, signed), key.accessKeySecret)
  const authorization = `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=${signed.join(';')},Signature=${signature}`
  return { ...unsigned, headers: { ...unsigned.headers, authorization } }
}

const parameters = {
  ...{ Action: 'GetEventBus', AccessKeyId: 'id', SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0' },
  ...{ SignatureNonce: 'n', Timestamp: '2026-01-01T00:00:00Z' },
}

function rpc(given: Record<string, string> = {}): PopRequest {
  const unsigned = Object.entries({ ...parameters, ...given }).filter(([, value]) => value !== 'none')
  const Signature = rpcSignature(rpcStringToSign('POST', unsigned), key.accessKeySecret)
  return request({ parameters: [...unsigned, ['Signature', Signature]] })
}

test.each<[string, PopRequest]>([
  ['by ACS3', acs3()],
  ['by ACS3, over more headers', acs3({ accept: 'a' }, [...Object.keys(headers), 'accept'])],
  ['by RPC', rpc()],
])('a request that is signed %s is let through', (_how, given) => {
  expect(() => authenticate(given)).not.toThrow()
})

const without = (name: string) => Object.keys(headers).filter((other) => other !== name)

test.each<[string, PopRequest, string]>([
  ...Object.keys(headers).map((name): [string, PopRequest, string] => [
    `${name} unsigned`,
    acs3({}, without(name)),
    'IncompleteSignature',
  ]),
  ['a token unsigned', acs3({ 'x-acs-security-token': 't' }), 'IncompleteSignature'],
  ['no nonce', acs3({ 'x-acs-signature-nonce': '' }), 'Missingx-acs-signature-nonce'],
  ['no date', acs3({ 'x-acs-date': undefined }, without('x-acs-date')), 'Missingx-acs-date'],
  ['a date of another form', acs3({ 'x-acs-date': '2026-01-01 00:00:00' }), 'InvalidTimeStamp.Format'],
  ['a date that is none', acs3({ 'x-acs-date': '2026-13-01T00:00:00Z' }), 'InvalidTimeStamp.Format'],
  ['the hash of another body', acs3({ 'x-acs-content-sha256': sha256('x') }), 'SignatureDoesNotMatch'],
  ['another way to sign', rpc({ SignatureMethod: 'HMAC-SHA256' }), 'InvalidSignatureMethod'],
  ['another version of it', rpc({ SignatureVersion: '2.0' }), 'InvalidSignatureVersion'],
  ['no timestamp', rpc({ Timestamp: 'none' }), 'MissingTimestamp'],
  ['no nonce', rpc({ SignatureNonce: 'none' }), 'MissingSignatureNonce'],
  ['a timestamp of another form', rpc({ Timestamp: 'now' }), 'InvalidTimeStamp.Format'],
])('%s is refused', (_what, given, code) => {
  expect(() => authenticate(given)).toThrow(expect.objectContaining({ code }))
})

test('a signature that does not match is told what was signed here', () => {
  const given = rpc()
  const tampered = { ...given, parameters: [...given.parameters, ['EventBusName', 'x'] as [string, string]] }
  expect(() => authenticate(tampered)).toThrow(
    `Specified signature is not matched with our calculation. server string to sign is:${rpcStringToSign('POST', tampered.parameters)}`,
  )
})

test('nonces are forgotten when their time has passed', () => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const strict = createAuthenticate({ accessKeys: [key], maxClockSkewMs: 1000, now: () => now })
  strict(rpc())
  expect(() => strict(rpc())).toThrow(expect.objectContaining({ code: 'SignatureNonceUsed' }))
  now += 2000
  strict(rpc({ Timestamp: '2026-01-01T00:00:02Z' }))
})

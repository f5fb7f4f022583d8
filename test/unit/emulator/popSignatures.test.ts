import { acs3Signature, acs3StringToSign, parseAcs3, sha256 } from '../../../emulator/pop/acs3'
import { rpcSignature, rpcStringToSign } from '../../../emulator/pop/rpcV1'
import { exchanges, vectors } from '../../support/popCaptures'

test.each(vectors.acs3.map((vector) => [vector.name, vector] as const))('ACS3: %s', (_name, vector) => {
  const { method, path, query, headers, body, authorization, accessKeySecret } = vector
  const parsed = parseAcs3(authorization)
  const request = { method, path, query: Object.entries(query), headers, body: Buffer.from(body) }
  const stringToSign = acs3StringToSign(request, parsed?.signedHeaders ?? [])
  expect(stringToSign).toBe(vector.stringToSign)
  expect(acs3Signature(stringToSign, accessKeySecret)).toBe(vector.signature)
  expect(parsed).toMatchObject({ accessKeyId: vector.accessKeyId, signature: vector.signature })
})

test("ACS3: the documents' own example", () => {
  const headers = {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  }
  const query = { ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd', RegionId: 'cn-shanghai' }
  const request = { method: 'POST', path: '/', query: Object.entries(query), headers, body: Buffer.alloc(0) }
  const stringToSign = acs3StringToSign(request, Object.keys(headers))
  expect(acs3Signature(stringToSign, 'YourAccessKeySecret')).toBe(
    '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  )
})

test('ACS3: parameters are sorted by name alone, headers trimmed', () => {
  const headers = { host: ' 127.0.0.1:1 ' }
  const stringToSign = (query: [string, string][], given: Record<string, string> = headers) =>
    acs3StringToSign({ method: 'POST', path: '/', query, headers: given, body: Buffer.alloc(0) }, ['host'])
  expect(
    stringToSign([
      ['a-b', '2'],
      ['a', '1'],
    ]),
  ).toBe(
    stringToSign([
      ['a', '1'],
      ['a-b', '2'],
    ]),
  )
  const canonical = ['POST', '/', 'a=1&a-b=2', 'host:127.0.0.1:1', '', 'host', sha256('')].join('\n')
  expect(
    stringToSign([
      ['a-b', '2'],
      ['a', '1'],
    ]),
  ).toBe(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
})

test.each(vectors.rpcV1.map((vector) => [vector.name, vector] as const))('RPC 1.0: %s', (_name, vector) => {
  const stringToSign = rpcStringToSign(vector.method, Object.entries(vector.parameters))
  expect(stringToSign).toBe(vector.stringToSign)
  expect(rpcSignature(stringToSign, vector.accessKeySecret)).toBe(vector.signature)
})

test.each<[string, string]>([
  ['of another algorithm', 'ACS3-RSA-SHA256 Credential=a,SignedHeaders=host,Signature=00'],
  ["of the older API's", 'acs:a:b'],
  ['a bearer', 'Bearer a'],
  ['without headers', 'ACS3-HMAC-SHA256 Credential=a,Signature=00'],
  ['that is no hex', 'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=zz'],
  ['that is empty', ''],
])('ACS3: an Authorization %s is none', (_what, authorization) => {
  expect(parseAcs3(authorization)).toBeUndefined()
})

test('there are exchanges of both', () => {
  expect(new Set(exchanges.map(({ stringToSign }) => stringToSign.slice(0, 4)))).toEqual(
    new Set(['ACS3', 'POST', 'GET&']),
  )
})

import { ListRulesRequest } from '@alicloud/eventbridge'
import type { Clock } from '../../../shared/clock'
import { accessKey, emulators, type TestEmulator, type TestOptions } from '../../support/emulator'

const permanent = { accessKeyId: 'PERMANENT', accessKeySecret: 'one' }
const temporary = { accessKeyId: 'STS.x', accessKeySecret: 'two', securityToken: 'TOKEN' }
const renewed = { accessKeyId: 'STS.x', accessKeySecret: 'three', securityToken: 'NEWER' }

const startEmulator = emulators()
let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator({ accessKeys: [permanent, temporary, renewed] })
})

const list = (key: Record<string, string>) =>
  emulator.sdk(key).listRules(new ListRulesRequest({ eventBusName: 'my-bus' }))

test.each<[string, Record<string, string>]>([
  ['a permanent key', permanent],
  ['a permanent key with some token, as a function has one', { ...permanent, securityToken: 'any' }],
  ['a temporary key with its token', temporary],
  ['its successor', renewed],
  ['a region', { ...permanent, regionId: 'cn-hangzhou' }],
])('%s', async (_, key) => {
  expect(await list(key)).toMatchObject({ total: 0 })
})

test.each<[string, Record<string, string>, string]>([
  ['an unknown key', { accessKeyId: 'OTHER', accessKeySecret: 'x' }, 'InvalidAccessKeyId'],
  ['an unknown temporary key', { ...temporary, accessKeyId: 'STS.y' }, 'InvalidStsAccessKeyId'],
  ['a wrong secret', { ...permanent, accessKeySecret: 'WRONG' }, 'SignatureDoesNotMatch'],
  ['a wrong token', { ...temporary, securityToken: 'OTHER' }, 'SecurityTokenInvalid'],
  ["another key's token", { ...temporary, securityToken: 'NEWER' }, 'SignatureDoesNotMatch'],
  ['a temporary key without its token', { accessKeyId: 'STS.x', accessKeySecret: 'two' }, 'InvalidAccessKeyId'],
])('refused: %s', async (_, key, code) => {
  await expect(list({ securityToken: '', ...key })).rejects.toMatchObject({
    code,
    message: expect.stringContaining('[EventBridgeError-'),
  })
})

const signed = (signature: string) => ({ authorization: `acs:${permanent.accessKeyId}:${signature}` })

test.each([
  ['no signature at all', {}, 403, 'AccessDenied'],
  ['a signature of another scheme', { authorization: 'Bearer x' }, 403, 'AccessDenied'],
  ['a signature that is too short', signed('x'), 403, 'SignatureDoesNotMatch'],
  ['a signature that is too long', signed('A'.repeat(100)), 403, 'SignatureDoesNotMatch'],
  ['a signature with as many characters, but more bytes', signed('é'.repeat(28)), 403, 'SignatureDoesNotMatch'],
])('without the SDK: %s', async (_, headers, status, code) => {
  const response = await fetch(`http://127.0.0.1:${emulator.port}/openapi/putEvents`, { method: 'POST', headers })
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ code, message: expect.any(String), requestId: expect.any(String) })
})

describe('the clock', () => {
  const minute = 60_000
  const clockAt = (ms: number): Clock => ({ now: () => Date.now() + ms, after: () => () => {} })
  const answerOf = async (options: TestOptions) =>
    (await startEmulator(options)).call('listEventBuses').then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    )

  test.each<[string, TestOptions, string]>([
    ['a year apart, where nothing is said', { clock: clockAt(365 * 24 * 60 * minute) }, 'accepted'],
    ['14 minutes ahead of 15', { clock: clockAt(-14 * minute), maxClockSkewMs: 15 * minute }, 'accepted'],
    ['14 minutes behind 15', { clock: clockAt(14 * minute), maxClockSkewMs: 15 * minute }, 'accepted'],
    ['16 minutes ahead', { clock: clockAt(-16 * minute), maxClockSkewMs: 15 * minute }, 'InvalidTimeStamp.Expired'],
    ['16 minutes behind', { clock: clockAt(16 * minute), maxClockSkewMs: 15 * minute }, 'InvalidTimeStamp.Expired'],
  ])('%s: %s', async (_, options, answer) => {
    expect(await answerOf(options)).toBe(answer)
  })
})

test('an operation that there is not, a request that is no POST, a body that is no JSON', async () => {
  const own = await startEmulator()
  await expect(own.call('inventEvents')).rejects.toMatchObject({ code: 'InvalidAction.NotFound' })
  const runtime = {} as never
  const request = (method: string, body: unknown) =>
    own.sdk(accessKey).doRequest('getRule', 'HTTP', method, '/openapi/getRule', {}, body, runtime)
  await expect(request('GET', null)).rejects.toMatchObject({ code: 'MethodNotAllowed' })
  await expect(request('POST', null)).rejects.toMatchObject({ code: 'JsonAttributeInvalid' })
})

import { targetEventBridge } from '../../../cli/targetEventBridge'

const key = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'AK', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'SECRET' }
const account = { FC_ACCOUNT_ID: '42', FC_REGION_ID: 'cn-hangzhou' }

test.each<[string, Record<string, string>, string]>([
  ['by account and region', account, 'https://42.eventbridge.cn-hangzhou.aliyuncs.com/'],
  [
    'with blanks at the ends',
    { FC_ACCOUNT_ID: ' 42', FC_REGION_ID: 'cn-hangzhou\n' },
    'https://42.eventbridge.cn-hangzhou.aliyuncs.com/',
  ],
  ['by its endpoint', { ...account, EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080/'],
])('%s', (_, environment, endpoint) => {
  expect(targetEventBridge({ ...key, ...environment }).endpoint.href).toBe(endpoint)
})

test('a shell that has read .env names account and key as that file does', () => {
  const { endpoint, credentials } = targetEventBridge({
    ...{ AccountID: '42', AccessKeyID: 'AK', AccessKeySecret: 'SECRET', FC_REGION_ID: 'cn-hangzhou' },
  })
  expect(endpoint.href).toBe('https://42.eventbridge.cn-hangzhou.aliyuncs.com/')
  expect(credentials).toEqual({ accessKeyId: 'AK', accessKeySecret: 'SECRET' })
})

test('a temporary key has its token', () => {
  const { credentials } = targetEventBridge({ ...key, ...account, ALIBABA_CLOUD_SECURITY_TOKEN: 'STS' })
  expect(credentials).toEqual({ accessKeyId: 'AK', accessKeySecret: 'SECRET', securityToken: 'STS' })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['no key', account, /^Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET/],
  ['no region', { ...key, FC_ACCOUNT_ID: '42' }, /^Set FC_ACCOUNT_ID and FC_REGION_ID/],
  [
    'an endpoint that is no URL',
    { ...key, EVENTBRIDGE_ENDPOINT: 'eventbridge' },
    /^EVENTBRIDGE_ENDPOINT must be a URL/,
  ],
])('%s', (_, environment, message) => {
  expect(() => targetEventBridge(environment)).toThrow(message)
})

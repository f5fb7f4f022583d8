import { readConfig } from '../../../functions/webhook/config'
import { credentialsOf, eventBridgeEndpoint, eventSourceOf } from '../../../shared/eventbridge/variables'
import type { FcContext } from '../../../shared/fc/types'

const good = { EVENT_BUS_NAME: 'dingtalk', FC_ACCOUNT_ID: '1234', FC_REGION: 'cn-hangzhou' }

test('defaults', () => {
  expect(readConfig(good)).toMatchObject({
    EVENT_SOURCE_NAME: 'my.dingtalk',
    ALLOWED_METHODS: ['POST'],
    REQUEST_BUDGET_MS: 900,
    MAX_BODY_BYTES: 65_536,
    DROP_FIELDS: expect.arrayContaining(['mobile', 'avatar']),
  })
})

test('an empty variable is an unset one, as s.yaml makes it', () => {
  expect(readConfig({ ...good, ALLOWED_METHODS: '', WEBHOOK_TOKEN: '' })).toEqual(readConfig(good))
})

test('the shortest secrets', () => {
  const shortest = { CONNECTOR_API_SECRET: 'x'.repeat(8), WEBHOOK_TOKEN: 'x'.repeat(16) }
  expect(readConfig({ ...good, ...shortest })).toMatchObject({ CONNECTOR_API_SECRET: 'x'.repeat(8) })
})

test.each<[string, Record<string, string>, RegExp]>([
  ['no bus', { EVENT_BUS_NAME: '' }, /^EVENT_BUS_NAME: is not set$/],
  ['a bus with a dot', { EVENT_BUS_NAME: 'a.b' }, /EVENT_BUS_NAME/],
  ['a source with a space', { EVENT_SOURCE_NAME: 'my dingtalk' }, /EVENT_SOURCE_NAME/],
  ['an unknown method', { ALLOWED_METHODS: 'POST,FETCH' }, /ALLOWED_METHODS: must be a list of GET/],
  ['methods in lower case', { ALLOWED_METHODS: 'post' }, /ALLOWED_METHODS/],
  ['only commas', { ALLOWED_METHODS: ',' }, /ALLOWED_METHODS/],
  ['a short token', { WEBHOOK_TOKEN: 'planted' }, /WEBHOOK_TOKEN: must have at least 16 characters/],
  ['a secret of 7 characters', { CONNECTOR_API_SECRET: 'planted' }, /CONNECTOR_API_SECRET: must have at least 8/],
  ['a budget that is no number', { REQUEST_BUDGET_MS: 'planted' }, /REQUEST_BUDGET_MS: must be a whole number/],
  ['a budget of nothing', { REQUEST_BUDGET_MS: '0' }, /REQUEST_BUDGET_MS: must be between 100 and 8000/],
  ['a body of a gigabyte', { MAX_BODY_BYTES: '999999999' }, /MAX_BODY_BYTES: must be between/],
  ['an endpoint without a scheme', { EVENTBRIDGE_ENDPOINT: 'planted.example.com' }, /EVENTBRIDGE_ENDPOINT/],
  ['only commas to drop', { DROP_FIELDS: ' , ' }, /DROP_FIELDS: must be a list/],
  [
    'a token without its key',
    { DINGTALK_TOKEN: 'token' },
    /DINGTALK_AES_KEY: is not set; DINGTALK_OWNER_KEYS: is not set/,
  ],
  [
    'a token without its key, and another fault',
    { DINGTALK_TOKEN: 'token', MAX_BODY_BYTES: 'x' },
    /MAX_BODY_BYTES.*DINGTALK_AES_KEY: is not set/,
  ],
  ['a key of 42 characters', { DINGTALK_AES_KEY: 'planted'.repeat(6) }, /DINGTALK_AES_KEY: must be 43/],
  ['an address that is a name', { ALLOWED_IPS: 'planted.example.com' }, /ALLOWED_IPS: must be addresses/],
  ['a block of 33 bits', { ALLOWED_IPS: '10.0.0.0/33' }, /ALLOWED_IPS/],
  ['half a rule', { TRUSTED_PROXIES: '10.0.0.1,' + '10.0.0' }, /TRUSTED_PROXIES/],
  ['a referer with a path', { ALLOWED_REFERERS: 'dingtalk.com/x' }, /ALLOWED_REFERERS: must be domains/],
  ['a referer that is the root alone', { ALLOWED_REFERERS: '.' }, /ALLOWED_REFERERS: must be domains/],
  ['a wildcard in the middle', { ALLOWED_REFERERS: 'a.*.com' }, /ALLOWED_REFERERS/],
  ['two at once', { EVENT_BUS_NAME: '', MAX_BODY_BYTES: 'x' }, /EVENT_BUS_NAME.*; MAX_BODY_BYTES/],
])('%s is refused without showing the value', (_, environment, message) => {
  expect(() => readConfig({ ...good, ...environment })).toThrow(message)
  expect(() => readConfig({ ...good, ...environment })).not.toThrow(/planted/)
})

test.each<[string, Record<string, string>, string]>([
  ['the public endpoint by default', {}, 'https://1234.eventbridge.cn-hangzhou.aliyuncs.com/'],
  ['https anywhere', { EVENTBRIDGE_ENDPOINT: 'https://x.example.com' }, 'https://x.example.com/'],
  ['http on this machine', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080/'],
  ['http on this machine, by IPv6', { EVENTBRIDGE_ENDPOINT: 'http://[::1]:8080' }, 'http://[::1]:8080/'],
  [
    'http in the VPC, when it is understood',
    { EVENTBRIDGE_ENDPOINT: 'http://1234.eventbridge.cn-hangzhou-vpc.aliyuncs.com', ALLOW_PLAINTEXT_VPC: '1' },
    'http://1234.eventbridge.cn-hangzhou-vpc.aliyuncs.com/',
  ],
])('endpoint: %s', (_, environment, url) => {
  expect(eventBridgeEndpoint(readConfig({ ...good, ...environment })).href).toBe(url)
})

test.each<[string, Record<string, string>]>([
  ['http elsewhere', { EVENTBRIDGE_ENDPOINT: 'http://x.example.com' }],
  ['http at a name that only looks local', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1.example.com' }],
  ['nothing known', { FC_ACCOUNT_ID: '' }],
])('endpoint refused: %s', (_, environment) => {
  expect(() => eventBridgeEndpoint(readConfig({ ...good, ...environment }))).toThrow(/EVENTBRIDGE_ENDPOINT/)
})

test.each<[string, Partial<FcContext>, Record<string, string>, object]>([
  ['of the function', { region: 'cn-beijing', accountId: '9' }, good, { region: 'cn-beijing', accountId: '9' }],
  ['of the variables, where it does not tell', {}, good, { region: 'cn-hangzhou', accountId: '1234' }],
  ['none, where neither does', {}, { EVENT_BUS_NAME: 'dingtalk' }, { region: '', accountId: '' }],
])('region and account of an event: %s', (_, context, environment, expected) => {
  const source = eventSourceOf(context as FcContext, readConfig(environment))
  expect(source).toEqual({ name: 'my.dingtalk', busName: 'dingtalk', ...expected })
})

test.each<[string, FcContext['credentials'], Record<string, string>, object]>([
  [
    "the role's go before the variables'",
    { accessKeyId: 'r', accessKeySecret: 's', securityToken: 't' },
    { ALIBABA_CLOUD_ACCESS_KEY_ID: 'i', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'j' },
    { accessKeyId: 'r', accessKeySecret: 's', securityToken: 't' },
  ],
  [
    'of a role that has none, the variables’',
    { accessKeyId: '', accessKeySecret: '', securityToken: '' },
    { ALIBABA_CLOUD_ACCESS_KEY_ID: 'i', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'j' },
    { accessKeyId: 'i', accessKeySecret: 'j' },
  ],
  [
    'without a role, the variables’, with their token',
    undefined,
    {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'i',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'j',
      ALIBABA_CLOUD_SECURITY_TOKEN: 't',
    },
    { accessKeyId: 'i', accessKeySecret: 'j', securityToken: 't' },
  ],
  ['none', undefined, {}, { accessKeyId: '', accessKeySecret: '' }],
])('keys to publish with: %s', (_, credentials, environment, expected) => {
  expect(credentialsOf({ credentials } as FcContext, readConfig({ ...good, ...environment }))).toEqual(expected)
})

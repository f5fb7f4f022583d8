import { readConfig as readEnrich } from '../../../../functions/enrich/config'
import { readConfig as readReconcile } from '../../../../functions/reconcile/config'

const good = {
  EVENT_BUS_NAME: 'dingtalk',
  DINGTALK_APP_KEY: 'dinginvented',
  DINGTALK_APP_SECRET: 'invented-secret_1',
  DINGTALK_CORP_ID: 'dingcorp',
}

test('what is not set has a default: DingTalk’s own endpoints, and rates that are together below its 20', () => {
  const [enrich, reconcile] = [readEnrich(good), readReconcile(good)]
  for (const config of [enrich, reconcile]) {
    expect(config).toMatchObject({
      DINGTALK_API_ENDPOINT: 'https://api.dingtalk.com',
      DINGTALK_OAPI_ENDPOINT: 'https://oapi.dingtalk.com',
      EVENT_SOURCE_NAME: 'my.dingtalk',
    })
    expect(config.DROP_FIELDS).toContain('mobile')
  }
  expect([enrich.DINGTALK_CALLS_PER_S, reconcile.DINGTALK_CALLS_PER_S]).toEqual([5, 10])
})

test.each([
  ['the international edition', 'https://api.dingtalk.io'],
  ['a loopback DingTalk', 'http://127.0.0.1:8080/dingtalk/api'],
  ['by its name', 'http://localhost:8080/'],
  ['a path', 'https://proxy.example.com/dingtalk'],
])('an endpoint may be %s', (_, url) => {
  expect(readReconcile({ ...good, DINGTALK_API_ENDPOINT: url }).DINGTALK_API_ENDPOINT).toBe(url)
})

test.each<[string, Record<string, string>, RegExp]>([
  ['no key', { DINGTALK_APP_KEY: '' }, /^DINGTALK_APP_KEY: is not set$/],
  ['no secret', { DINGTALK_APP_SECRET: '' }, /^DINGTALK_APP_SECRET: is not set$/],
  ['no organisation', { DINGTALK_CORP_ID: '' }, /^DINGTALK_CORP_ID: is not set$/],
  ['a key with a blank', { DINGTALK_APP_KEY: 'planted planted' }, /DINGTALK_APP_KEY: must be the Client ID/],
  ['a secret in quotes', { DINGTALK_APP_SECRET: '"planted"' }, /DINGTALK_APP_SECRET: must be the Client Secret/],
  [
    'plain http elsewhere',
    { DINGTALK_API_ENDPOINT: 'http://planted.example.com' },
    /DINGTALK_API_ENDPOINT: must be an https URL/,
  ],
  ['plain http of the old API', { DINGTALK_OAPI_ENDPOINT: 'http://10.0.0.7' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a host alone', { DINGTALK_OAPI_ENDPOINT: 'oapi.dingtalk.com' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a query', { DINGTALK_OAPI_ENDPOINT: 'https://oapi.dingtalk.com?planted=1' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a password', { DINGTALK_OAPI_ENDPOINT: 'https://a:planted@oapi.dingtalk.com' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a name', { DINGTALK_OAPI_ENDPOINT: 'https://planted@oapi.dingtalk.com' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a password alone', { DINGTALK_OAPI_ENDPOINT: 'https://:planted@oapi.dingtalk.com' }, /DINGTALK_OAPI_ENDPOINT/],
  ['a fragment', { DINGTALK_OAPI_ENDPOINT: 'https://oapi.dingtalk.com#planted' }, /DINGTALK_OAPI_ENDPOINT/],
  ['another scheme on this machine', { DINGTALK_OAPI_ENDPOINT: 'ftp://localhost' }, /DINGTALK_OAPI_ENDPOINT/],
  ['another scheme', { DINGTALK_OAPI_ENDPOINT: 'ftp://oapi.dingtalk.com' }, /DINGTALK_OAPI_ENDPOINT/],
  ['no calls', { DINGTALK_CALLS_PER_S: '0' }, /DINGTALK_CALLS_PER_S: must be between 1 and 60/],
  ['half a call', { DINGTALK_CALLS_PER_S: '0.5' }, /DINGTALK_CALLS_PER_S: must be a whole number/],
  ['no bus', { EVENT_BUS_NAME: '' }, /EVENT_BUS_NAME: is not set/],
])('%s is refused without showing the value', (_, environment, message) => {
  for (const read of [readEnrich, readReconcile]) {
    expect(() => read({ ...good, ...environment })).toThrow(message)
    expect(() => read({ ...good, ...environment })).not.toThrow(/planted/)
  }
})

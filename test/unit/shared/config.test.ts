import { readConfig as readEmployeesConfig } from '../../../functions/employees/config'
import { readConfig as readWebhookConfig } from '../../../functions/webhook/config'
import { readCallbackKeys, readConnectorSecrets, readCorpId } from '../../../local/sender/senderVariables'
import { setVariables } from '../../../shared/config'

const webhook = {
  EVENT_BUS_NAME: 'dingtalk',
  EVENT_SOURCE_NAME: 'my.dingtalk',
  EVENTBRIDGE_ENDPOINT: 'https://eb.example.com',
  ALLOW_PLAINTEXT_VPC: '0',
  ALLOWED_METHODS: 'POST,PUT',
  ALLOWED_IPS: '203.119.0.0/16',
  ALLOWED_REFERERS: 'dingtalk.com',
  TRUSTED_PROXIES: '10.0.0.1',
  CONNECTOR_API_SECRET: 'a connector secret',
  WEBHOOK_TOKEN: 'sixteen-letters-x,sixteen-letters-y',
  DINGTALK_TOKEN: 'token',
  DINGTALK_AES_KEY: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
  DINGTALK_OWNER_KEYS: 'dingappkey1',
  CALLBACK_WINDOW_S: '60',
  REQUEST_BUDGET_MS: '500',
  MAX_BODY_BYTES: '2048',
  DROP_FIELDS: 'none',
  LOG_HASH_KEY: 'a key of sixteen letters',
  FC_ACCOUNT_ID: '1234',
  FC_REGION: 'cn-hangzhou',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'sts',
}
const employees = {
  MYSQL_HOST: 'rm.example.com',
  MYSQL_PORT: '3307',
  MYSQL_USER: 'hr',
  MYSQL_PASSWORD: 'a pass word',
  MYSQL_DATABASE: 'hr',
  MYSQL_SSL: 'off',
  LOG_HASH_KEY: 'a key of sixteen letters',
  DINGTALK_CORP_ID: 'dingcorp',
  MAX_LEAVERS: '7,1.5%',
}
const ENDS = [' ', '\n', '\r\n', '\t', '\u00a0', '\u3000', '\ufeff']

describe.each(ENDS.map((end) => [JSON.stringify(end), end]))('%s at the ends of a value is cut off', (_, end) => {
  const wrapped = (environment: Record<string, string>) =>
    Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, `${end}${value}${end}`]))

  test('of every variable of the webhook', () => {
    expect(readWebhookConfig(wrapped(webhook))).toEqual(readWebhookConfig(webhook))
  })

  test('of every variable of employees but the password', () => {
    const { MYSQL_PASSWORD, ...others } = employees
    expect(readEmployeesConfig({ ...wrapped(others), MYSQL_PASSWORD })).toEqual(readEmployeesConfig(employees))
  })

  test('by the senders as well', () => {
    expect(readConnectorSecrets(wrapped(webhook))).toEqual(readConnectorSecrets(webhook))
    expect(readCallbackKeys(wrapped(webhook))).toEqual(readCallbackKeys(webhook))
    expect(readCorpId(wrapped(employees))).toBe('dingcorp')
  })

  test('a value of nothing else is unset', () => {
    const { MYSQL_HOST: _host, ...others } = employees
    expect(() => readEmployeesConfig({ ...others, MYSQL_HOST: end })).toThrow('MYSQL_HOST: is not set')
    expect(readEmployeesConfig({ ...employees, MYSQL_SSL: end }).MYSQL_SSL).toBeUndefined()
    expect(readWebhookConfig({ ...webhook, CONNECTOR_API_SECRET: end }).CONNECTOR_API_SECRET).toBeUndefined()
    expect(readConnectorSecrets({ CONNECTOR_API_SECRET: end, WEBHOOK_TOKEN: end })).toEqual({})
  })

  test.each([
    ['after', `planted${end}`],
    ['before', `${end}planted`],
    ['alone', end],
  ])('but a password with it, %s, is refused by name', (_place, MYSQL_PASSWORD) => {
    const read = () => readEmployeesConfig({ ...employees, MYSQL_PASSWORD })
    expect(read).toThrow(/^MYSQL_PASSWORD: has a blank or a line break at its end$/)
    expect(read).not.toThrow(/planted/)
  })
})

test('an inner blank stays, and another function’s password is nobody’s business', () => {
  expect(readEmployeesConfig(employees).MYSQL_PASSWORD).toBe('a pass word')
  expect(readWebhookConfig({ ...webhook, MYSQL_PASSWORD: 'x ' })).toEqual(readWebhookConfig(webhook))
  expect(setVariables({ A: ' a b ', B: ' ', C: undefined, MYSQL_PASSWORD: ' x ' })).toEqual({
    A: 'a b',
    MYSQL_PASSWORD: ' x ',
  })
})

test('how many leavers a roster may mark', () => {
  const { MAX_LEAVERS, ...others } = employees
  expect(readEmployeesConfig({ ...others, MAX_LEAVERS }).MAX_LEAVERS).toEqual({ count: 7, percent: 1.5 })
  expect(readEmployeesConfig(others).MAX_LEAVERS).toEqual({ count: 5, percent: 2 })
  expect(readEmployeesConfig({ ...others, MAX_LEAVERS: '' }).MAX_LEAVERS).toEqual({ count: 5, percent: 2 })
})

test.each(['few', '-1', '5,', '5;2%', '5,2', '2%,2%', '101%', '5％', '5，2%', '1e9', '0x5', '5.5', '%'])(
  'MAX_LEAVERS is not %j',
  (MAX_LEAVERS) => {
    expect(() => readEmployeesConfig({ ...employees, MAX_LEAVERS })).toThrow(
      /^MAX_LEAVERS: must be a number, a percentage or both, such as 5,2%$/,
    )
  },
)

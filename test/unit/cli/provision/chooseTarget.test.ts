import { chooseTarget, type TargetOptions } from '../../../../cli/targetEventBridge'
import type { Environment } from '../../../../shared/config'

const cloud = {
  FC_ACCOUNT_ID: '1',
  FC_REGION_ID: 'cn-hangzhou',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
}
const local = { ...cloud, EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:8080' }

test.each<[string, Environment, TargetOptions, string]>([
  ['account and region', cloud, {}, 'https://1.eventbridge.cn-hangzhou.aliyuncs.com'],
  ['the options first', cloud, { account: '2', region: 'cn-beijing' }, 'https://2.eventbridge.cn-beijing.aliyuncs.com'],
  ['an endpoint', { ...cloud, EVENTBRIDGE_ENDPOINT: 'https://eb.example.org' }, {}, 'https://eb.example.org'],
  ['no region', { ...cloud, FC_REGION_ID: '' }, {}, 'https://1.eventbridge.cn-hangzhou.aliyuncs.com'],
  ['this machine', local, {}, 'http://127.0.0.1:8080'],
  ['the option over it', local, { endpoint: 'https://eb.example.org' }, 'https://eb.example.org'],
  [
    "the webhook's endpoint in the VPC, out of reach",
    { ...cloud, EVENTBRIDGE_ENDPOINT: 'http://1.eventbridge.cn-hangzhou-vpc.aliyuncs.com' },
    {},
    'https://1.eventbridge.cn-hangzhou.aliyuncs.com',
  ],
])('%s', (_, environment, options, origin) => {
  expect(chooseTarget(environment, options).endpoint.origin).toBe(origin)
})

test("the names of Serverless Devs, as s's .env has them", () => {
  const environment = { FC_REGION_ID: 'cn-hangzhou', AccountID: '3', AccessKeyID: 'id', AccessKeySecret: 'secret' }
  expect(chooseTarget(environment, {})).toMatchObject({
    accountId: '3',
    credentials: { accessKeyId: 'id', accessKeySecret: 'secret' },
  })
})

test.each<[string, Environment, TargetOptions, string]>([
  ['no account', { ...cloud, FC_ACCOUNT_ID: '' }, {}, 'Set AccountID in .env'],
  ['no key', { ...cloud, ALIBABA_CLOUD_ACCESS_KEY_SECRET: '' }, {}, 'Set AccessKeyID and AccessKeySecret in .env'],
  ['plain HTTP', cloud, { endpoint: 'http://eb.example.org' }, 'https://'],
  ['no URL', cloud, { endpoint: 'eb.example.org' }, 'must be a URL'],
])('%s: refused', (_, environment, options, reason) => {
  expect(() => chooseTarget(environment, options)).toThrow(reason)
})

import { readFile } from '../../../../cli/provision/file'
import { readEndpointForm, wantedState } from '../../../../cli/provision/wantedState'
import type { HttpParameters } from '../../../../emulator/resources/definitions'

const place = { accountId: '123456789012', region: 'cn-hangzhou' }
const asInFile = readEndpointForm(undefined)
const yaml = (queue = '') => `
EventBusName: bus
EventSources:
  - EventSourceName: my.dingtalk
Rules:
  - RuleName: employees
    FilterPattern: { source: [my.dingtalk] }
    Targets:
      - Id: employees
        Type: acs.fc.function
        Endpoint: acs:fc:\${region}:\${account}:functions/f
        ${queue}
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`
const withQueue = yaml('DeadLetterQueue: { Arn: "acs:mns:${region}:${account}:/queues/dead" }')
const read = (text: string, environment = {}) => readFile(text, 'eventbridge.yaml', place, environment)[0]

test("the file in the API's words, account and region filled in", () => {
  expect(wantedState(read(withQueue), { deadLetterQueues: true, endpointForm: asInFile })).toEqual({
    sources: [{ EventSourceName: 'my.dingtalk', Description: '' }],
    rules: [
      {
        RuleName: 'employees',
        Description: '',
        Status: 'ENABLE',
        FilterPattern: '{"source":["my.dingtalk"]}',
        Targets: [
          {
            Id: 'employees',
            Type: 'acs.fc.function',
            Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
            DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/dead' },
            ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
          },
        ],
      },
    ],
  })
})

test('a target without a dead-letter queue is refused', () => {
  expect(() => wantedState(read(yaml()), { deadLetterQueues: true, endpointForm: asInFile })).toThrow(
    'Target employees of rule employees has no DeadLetterQueue',
  )
})

test.each([yaml(), withQueue])('--no-dlq: without one, whatever the file says', (text) => {
  const { rules } = wantedState(read(text), { deadLetterQueues: false, endpointForm: asInFile })
  expect(rules[0]?.Targets[0]).not.toHaveProperty('DeadLetterQueue')
})

test.each([
  ['none', [], [], {}],
  ['ip', ['10.0.0.0/8'], [], { Ip: ['10.0.0.0/8'] }],
  ['referer', [], ['dingtalk.com'], { Referer: ['dingtalk.com'] }],
])('a hosted source that checks %s: with no other list', (securityConfig, ip, referer, lists) => {
  const http = { type: 'HTTPS', method: ['POST'], securityConfig, ip, referer } as HttpParameters
  const file = { rules: [], sources: [{ name: 'my.dingtalk', http }] }
  const [source] = wantedState(file, { deadLetterQueues: true, endpointForm: asInFile }).sources
  expect(source?.SourceHttpEventParameters).toEqual({
    Type: 'HTTPS',
    Method: ['POST'],
    SecurityConfig: securityConfig,
    ...lists,
  })
})

test.each([
  ['another bus', { EVENT_BUS_NAME: 'other' }, 'EVENT_BUS_NAME is other'],
  ['another source', { EVENT_SOURCE_NAME: 'other' }, 'EVENT_SOURCE_NAME is other'],
])('the webhook publishes to %s: refused', (_, environment, reason) => {
  expect(() => read(withQueue, environment)).toThrow(reason)
})

test('the webhook publishes where the rules are', () => {
  expect(read(withQueue, { EVENT_BUS_NAME: 'bus', EVENT_SOURCE_NAME: 'my.dingtalk' }).bus).toBe('bus')
})

import { compileTarget, targetEntry } from '../../../../emulator/targets/compileTarget'
import type { Connections } from '../../../../emulator/targets/target'

const connections: Connections = {
  invoke: async () => ({}),
  publish: async () => ({}),
  enqueue: async () => {},
  allowedHosts: ['10.1.2.3'],
  apiDestination: () => ({ endpoint: 'http://127.0.0.1/Users', method: 'POST' }),
}

const body = { ResourceKey: 'Body', Form: 'ORIGINAL' }
const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
const robotUrl = 'https://oapi.dingtalk.com/robot/send?access_token=TOKEN'
const bus = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/other'

const complete = {
  'acs.fc.function': {
    Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
    ParamList: [
      body,
      constant('functionName', 'f'),
      constant('Qualifier', 'LATEST'),
      constant('InvocationType', 'Sync'),
      constant('DataFormat', 'Object'),
    ],
  },
  'acs.dingtalk': {
    Endpoint: robotUrl,
    ParamList: [body, constant('URL', robotUrl), constant('SecretKey', 'SECRET')],
  },
  http: {
    Endpoint: 'http://localhost:8000/x?token=TOKEN',
    ParamList: [body, constant('Network', 'PublicNetwork'), constant('Token', 't')],
  },
  https: { Endpoint: 'https://127.0.0.1/x', ParamList: [body, constant('Method', 'POST')] },
  'acs.api.destination': {
    Endpoint: 'acs:api-destination:cn-hangzhou:123456789012:name/users',
    ParamList: [
      constant('Name', 'users'),
      constant('HeaderParameters', '{"x":"y"}'),
      constant('QueryStringParameters', '{"x":"y"}'),
      { ResourceKey: 'BodyParameters', Form: 'ORIGINAL' },
    ],
  },
  'acs.mns.queue': {
    Endpoint: 'acs:mns:cn-hangzhou:123456789012:queues/q',
    ParamList: [body, constant('queue', 'q'), constant('IsBase64Encode', 'false')],
  },
  'acs.eventbridge': {
    Endpoint: bus,
    ParamList: [
      body,
      constant('RegionId', 'cn-hangzhou'),
      constant('AccountType', 'SameAccount'),
      constant('AccountId', '123456789012'),
      constant('EventBusName', 'other'),
      constant('RAMRoleName', 'role'),
    ],
  },
} satisfies Record<string, { Endpoint: string; ParamList: object[] }>

type Type = keyof typeof complete
const entry = (Type: Type, fields: object = {}) => ({ Id: 'one', Type, ...complete[Type], ...fields })
const withParams = (Type: Type, ...params: object[]) =>
  entry(Type, { ParamList: [...complete[Type].ParamList, ...params] })
const without = (Type: Type, key: string) =>
  entry(Type, { ParamList: complete[Type].ParamList.filter(({ ResourceKey }) => ResourceKey !== key) })
const compile = (given: object, by = connections) => compileTarget(targetEntry.parse(given), by)

test.each(Object.keys(complete) as Type[])('%s, with all its parameters, and with those it needs', (type) => {
  expect(compile(entry(type))).toMatchObject({ id: 'one', retryStrategy: 'BACKOFF_RETRY', errorsTolerance: 'ALL' })
  const needed = {
    ...{ 'acs.dingtalk': complete['acs.dingtalk'].ParamList, 'acs.api.destination': [constant('Name', 'users')] },
    ...{ 'acs.fc.function': [body], http: [body], https: [body], 'acs.eventbridge': [body] },
    'acs.mns.queue': [body],
  }[type]
  expect(() => compile(entry(type, { ParamList: needed }))).not.toThrow()
})

test.each<[string, string]>([
  ['a function with a service and a qualifier', 'acs:fc:cn-hangzhou:1:services/s.LATEST/functions/f'],
  ['a function with a service', 'acs:fc:cn-hangzhou:1:services/s/functions/f'],
])('%s', (_, Endpoint) => {
  expect(() => compile(withParams('acs.fc.function', constant('serviceName', 's')))).toThrow(
    'serviceName: leave it out',
  )
  const params = [body, constant('serviceName', 's'), constant('functionName', 'f')]
  expect(() => compile(entry('acs.fc.function', { Endpoint, ParamList: params }))).not.toThrow()
})

test('what says how to deliver', () => {
  const options = {
    PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    ErrorsTolerance: 'NONE',
    ConcurrentConfig: { Concurrency: 3 },
    PushSelector: 'PARAM_TRANSFORMER',
  }
  expect(compile(entry('http', options))).toMatchObject({
    retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    errorsTolerance: 'NONE',
    concurrency: 3,
  })
  expect(compile(entry('http', { ConcurrentConfig: {} })).concurrency).toBeUndefined()
})

describe('a dead-letter queue', () => {
  test.each<[string, boolean]>([
    ['acs:mns:cn-hangzhou:123456789012:/queues/dead', false],
    ['acs:mns:cn-hangzhou:123456789012:/queues/dead/messages', false],
    ['acs:mq:cn-hangzhou:123456789012:/instances/MQ_INST_1_BX8QbBPL/topic/dead', false],
    ['acs:alikafka:cn-hangzhou:123456789012:instance/alikafka_post-cn-123456/topic/dead', false],
    ['acs:eventbridge:cn-hangzhou:123456789012:eventbus/dead', true],
  ])('%s', (Arn, isBus) => {
    const target = compile(entry('http', { DeadLetterQueue: { Arn } }))
    expect(target.deadLetterQueue).toBe(Arn)
    expect(target.publishDeadLetter !== undefined).toBe(isBus)
  })

  test.each([
    '',
    'dead',
    'acs:mns:cn-hangzhou:123456789012:/queues/',
    'acs:mns:cn-hangzhou:/queues/dead',
    'acs:mns:cn-hangzhou:123456789012:/topics/dead',
    'acs:mq:cn-hangzhou:123456789012:/instances/i',
    'acs:alikafka:cn-hangzhou:123456789012:topic/dead',
    'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dead/rule/r',
    'acs:eventbridge:cn-hangzhou:123456789012:eventbus/de_ad',
    'acs:fc:cn-hangzhou:123456789012:functions/f',
    'arn:aws:sqs:us-east-1:123456789012:dead',
  ])('%j is refused', (Arn) => {
    expect(() => compile(entry('http', { DeadLetterQueue: { Arn } }))).toThrow(/^DeadLetterQueue.Arn: must be acs:mns:/)
  })
})

test.each([
  ['acs:mns:cn-hangzhou:1:queues/dead', 'acs:mns:cn-hangzhou:1:/queues/dead'],
  ['acs:mns:cn-hangzhou:1:queues/dead/messages', 'acs:mns:cn-hangzhou:1:/queues/dead/messages'],
  ['acs:mq:cn-hangzhou:1:instances/i/topic/dead', 'acs:mq:cn-hangzhou:1:/instances/i/topic/dead'],
  ['acs:alikafka:cn-hangzhou:1:/instance/i/topic/dead', 'acs:alikafka:cn-hangzhou:1:instance/i/topic/dead'],
])('%s is the queue %s', (Arn, queue) => {
  expect(compile(entry('http', { DeadLetterQueue: { Arn } })).deadLetterQueue).toBe(queue)
})

test.each(['url', 'Url', 'URL'])('the sample of terraform, with %s', (key) => {
  const Endpoint = 'http://127.0.0.1:8000/'
  const ParamList = [body, constant(key, Endpoint), constant('Network', 'PublicNetwork')]
  expect(() => compile(entry('http', { Endpoint, ParamList }))).not.toThrow()
  const other = [body, constant(key, 'http://127.0.0.1:9000/')]
  expect(() => compile(entry('http', { Endpoint, ParamList: other }))).toThrow('URL: must be the Endpoint')
})

test('names in any case', () => {
  const ParamList = [
    { ResourceKey: 'body', Form: 'original' },
    constant('FUNCTIONNAME', 'f'),
    { ...constant('dataformat', 'Object'), Form: 'constant' },
  ]
  const names = {
    PushRetryStrategy: 'exponential_decay_retry',
    ErrorsTolerance: 'none',
    PushSelector: 'param_transformer',
  }
  expect(compile(entry('acs.fc.function', { ...names, ParamList }))).toMatchObject({
    retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    errorsTolerance: 'NONE',
  })
})

test.each<[string, object, string]>([
  ['url and URL', withParams('http', constant('url', 'x'), constant('URL', 'x')), 'ParamList: URL is given twice'],
  [
    'an unknown type',
    { ...entry('http'), Type: 'acs.mns.topic' },
    'must be one of acs.fc.function, acs.dingtalk, http, https, acs.api.destination, acs.mns.queue, acs.eventbridge',
  ],
  ['an unknown field', entry('http', { Batch: 1 }), 'Batch'],
  ['a tolerance of its own', entry('http', { ErrorsTolerance: 'SOME' }), 'must be ALL or NONE'],
  ['no place for a delivery', entry('http', { ConcurrentConfig: { Concurrency: 0 } }), 'must be 1 or more'],
  ['half a place', entry('http', { ConcurrentConfig: { Concurrency: 1.5 } }), 'Concurrency'],
  ['no Body', without('http', 'Body'), 'ParamList: Body is missing'],
  ['no SecretKey', without('acs.dingtalk', 'SecretKey'), 'ParamList: SecretKey is missing'],
  ['no URL', without('acs.dingtalk', 'URL'), 'ParamList: URL is missing'],
  ['two Bodies', withParams('http', body), 'ParamList: Body is given twice'],
  [
    'an unknown parameter',
    withParams('http', constant('Headers', 'x')),
    'ParamList: Headers is no parameter of http; it has URL, Method, Network, Body',
  ],
  [
    'a parameter named like a method',
    withParams('http', constant('toString', 'x')),
    'toString is no parameter of http',
  ],
  [
    'a function taken from the event',
    entry('acs.fc.function', { ParamList: [body, { ResourceKey: 'functionName', Form: 'JSONPATH', Value: '$.f' }] }),
    'functionName: Form must be CONSTANT',
  ],
  [
    'a Form that there is not',
    entry('http', { ParamList: [{ ResourceKey: 'Body', Form: 'XML' }] }),
    'Body: Form must be',
  ],
  [
    'a transform that is wrong',
    entry('http', { ParamList: [{ ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.a[*]' }] }),
    'Body: "$.a[*]" cannot be read',
  ],
  ['an endpoint that is no function', entry('acs.fc.function', { Endpoint: 'acs:mns:x' }), 'Endpoint: must be acs:fc:'],
  [
    'another function than the endpoint',
    entry('acs.fc.function', { ParamList: [body, constant('functionName', 'g')] }),
    'functionName: is g, and Endpoint has f: make them the same',
  ],
  [
    'an invocation of another kind',
    entry('acs.fc.function', { ParamList: [body, constant('InvocationType', 'Later')] }),
    'InvocationType: must be Sync or Async',
  ],
  [
    'data in another form',
    entry('acs.fc.function', { ParamList: [body, constant('DataFormat', 'XML')] }),
    'DataFormat: must be Object or ObjectList',
  ],
  [
    'an endpoint that is no URL',
    entry('http', { Endpoint: 'localhost:80' }),
    'Endpoint: must be a URL that begins with',
  ],
  [
    'https with an http URL',
    entry('https', { Endpoint: 'http://localhost/' }),
    'Endpoint: must be a URL that begins with https://',
  ],
  ['a URL beside the endpoint', withParams('http', constant('URL', 'http://localhost/')), 'URL: must be the Endpoint'],
  [
    'a private network',
    entry('http', { ParamList: [body, constant('Network', 'PrivateNetwork')] }),
    'Network: must be PublicNetwork',
  ],
  [
    'an endpoint beside the robot',
    entry('acs.dingtalk', { Endpoint: 'https://localhost/' }),
    'URL: must be the Endpoint',
  ],
  [
    'an endpoint that is no bus',
    entry('acs.eventbridge', { Endpoint: 'acs:eventbridge:a:b:rule/x' }),
    'Endpoint: must be acs:eventbridge:',
  ],
  [
    'another bus than the endpoint',
    entry('acs.eventbridge', { ParamList: [body, constant('EventBusName', 'x')] }),
    'EventBusName: is x, and Endpoint has other: make them the same',
  ],
  [
    'a bus of another account',
    entry('acs.eventbridge', { ParamList: [body, constant('AccountType', 'AnotherAccount')] }),
    'AccountType: must be SameAccount',
  ],
  [
    'a transformed event for a bus',
    entry('acs.eventbridge', { ParamList: [constant('Body', 'x')] }),
    'Body: Form must be ORIGINAL',
  ],
])('%s is refused', (_, given, message) => {
  expect(() => compile(given)).toThrow(message)
})

test('without a way to publish, neither a target nor a dead-letter queue is a bus', () => {
  const alone = { invoke: connections.invoke }
  expect(() => compile(entry('acs.eventbridge'), alone)).toThrow('publishes on no other event bus')
  expect(() => compile(entry('http', { DeadLetterQueue: { Arn: bus } }), alone)).toThrow(
    'publishes on no other event bus',
  )
})

test.each<[string, object]>([
  ['a robot that is not the endpoint', entry('acs.dingtalk', { Endpoint: `${robotUrl}2` })],
  [
    'a robot that is no URL',
    {
      ...entry('acs.dingtalk', { Endpoint: 'x TOKEN' }),
      ParamList: [body, constant('URL', 'x TOKEN'), constant('SecretKey', 'SECRET')],
    },
  ],
  ['a robot with a parameter too many', withParams('acs.dingtalk', constant('X', 'SECRET'))],
  ['an endpoint at an address elsewhere', entry('http', { Endpoint: 'http://192.0.2.1/?token=TOKEN' })],
  ['an endpoint that is no URL', entry('http', { Endpoint: 'ftp://user:SECRET@localhost/TOKEN' })],
])('%s: the error quotes neither token nor secret', (_, given) => {
  expect(() => compile(given)).toThrow(/^(?!.*(TOKEN|SECRET))/s)
})

test.each<[string, readonly string[], string]>([
  [
    'the endpoint’s is deployed',
    ['f', 'h'],
    'functionName: is g, and Endpoint has f, and s.yaml has f: make them the same',
  ],
  ['the other is deployed', ['g'], 'functionName: is g, and Endpoint has f, and s.yaml has g: make them the same'],
  ['both are', ['f', 'g'], 'functionName: is g, and Endpoint has f, and s.yaml has f and g: make them the same'],
  ['neither is', ['h'], 'functionName: is g, and Endpoint has f, and s.yaml has neither: make them the same'],
])('of two names of a function: %s', (_, functionNames, message) => {
  const target = entry('acs.fc.function', { ParamList: [body, constant('functionName', 'g')] })
  expect(() => compile(target, { ...connections, functionNames })).toThrow(message)
})

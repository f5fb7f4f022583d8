import fs from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import { fillPlace } from '../../../emulator/config/fillVariables'
import { readEventBridgeFiles } from '../../../emulator/config/readEventBridgeFile'
import { UserError } from '../../../shared/userError'

const body = { ResourceKey: 'Body', Form: 'ORIGINAL' }
const target = {
  Id: 'one',
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
  ParamList: [body] as object[],
}
const withTarget = (fields: object) => withTargets([{ ...target, ...fields }])
const withTargets = (Targets: object[]) => ({
  EventBusName: 'bus',
  Rules: [{ RuleName: 'rule', FilterPattern: {}, Targets }],
})
const withRules = (count: number) => ({
  EventBusName: 'bus',
  Rules: Array.from({ length: count }, (_, index) => ({ RuleName: `r${index}`, FilterPattern: {}, Targets: [] })),
})

const connections = { invoke: async () => ({}) }
type Variables = Record<string, string>
const read = (file: object | string, variables: Variables = {}, standIns: Variables = {}) => {
  const text = typeof file === 'string' ? file : stringify(file)
  return readEventBridgeFiles(text, 'eventbridge.yaml', connections, variables, standIns)[0]
}

test('a number of a pattern keeps its digits', () => {
  const file = (pattern: string) =>
    `EventBusName: bus\nRules:\n  - { RuleName: r, FilterPattern: ${pattern}, Targets: [] }\n`
  const patternOf = (pattern: string) => read(file(pattern)).rules[0]?.filterPattern
  expect(patternOf('{ data: { id: [9007199254740993, 5, 1.5] } }')).toBe('{"data":{"id":[9007199254740993,5,1.5]}}')
  expect(patternOf('{ data: { id: [{ anything-but: [-9007199254740993] }] } }')).toBe(
    '{"data":{"id":[{"anything-but":[-9007199254740993]}]}}',
  )
})

test('the file of this project is read', () => {
  const text = fs.readFileSync(path.join(__dirname, '../../../eventbridge.yaml'), 'utf8')
  const { bus, sources, rules } = read(fillPlace(text, { region: 'cn-hangzhou', accountId: '123456789012' }))
  expect(bus).toBe('dingtalk')
  expect(sources).toEqual([{ name: 'my.dingtalk', description: expect.stringContaining('dingtalk-webhook') }])
  expect(rules.map(({ name, targets }) => [name, targets.map(({ Endpoint }) => Endpoint.split('/')[1])])).toEqual([
    ['employees', ['dingtalk-employees']],
    ['enrich', ['dingtalk-enrich']],
    ['range-changed', ['dingtalk-reconcile']],
  ])
  expect(rules.slice(0, 1)).toEqual([
    {
      name: 'employees',
      description: 'Personnel events of DingTalk go into the employee table',
      enabled: true,
      filterPattern: JSON.stringify({
        source: ['my.dingtalk'],
        type: ['eventbridge:Events:HTTPEvent', 'dingtalk:Directory:Snapshot', 'dingtalk:Directory:Roster'],
      }),
      targets: [
        expect.objectContaining({
          Id: 'employees',
          Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/dingtalk-employees',
          PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
          ErrorsTolerance: 'ALL',
          DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/dingtalk-dead-letters' },
        }),
      ],
    },
  ])
})

test.each([
  ['ENABLE', true],
  ['DISABLE', false],
])('a rule whose Status is %s', (Status, enabled) => {
  const file = withTarget({})
  expect(read({ ...file, Rules: file.Rules.map((rule) => ({ ...rule, Status })) }).rules[0]?.enabled).toBe(enabled)
})

test('as many rules and targets as there may be', () => {
  expect(read(withRules(50)).rules).toHaveLength(50)
  const five = ['a', 'b', 'c', 'd', 'e'].map((Id) => ({ ...target, Id }))
  expect(read(withTargets(five)).rules[0]?.targets).toHaveLength(5)
})

test('what the emulator has besides: another bus, and all that a target may say', () => {
  const file = withTargets([
    { ...target, ConcurrentConfig: { Concurrency: 1 }, PushSelector: 'PARAM_TRANSFORMER' },
    {
      Id: 'two',
      Type: 'acs.eventbridge',
      Endpoint: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/other',
      ParamList: [body],
    },
  ])
  expect(read(file).rules[0]?.targets).toEqual(file.Rules[0]?.Targets)
})

const source = { EventSourceName: 'my.source' }
const byAddress = { Type: 'HTTP', Method: ['POST'], SecurityConfig: 'ip', Ip: ['10.0.0.0/8'] }

test.each<[string, object, object | undefined]>([
  ['no webhook of EventBridge’s own', {}, undefined],
  ['one as it is by default', { hostedSource: true }, { type: 'HTTPS', method: ['POST'], securityConfig: 'none' }],
  [
    'one with a fence',
    { hostedSource: true, SourceHttpEventParameters: byAddress },
    { type: 'HTTP', securityConfig: 'ip', ip: ['10.0.0.0/8'] },
  ],
])('an event source with %s', (_, fields, http) => {
  const [found] = read({ ...withTarget({}), EventSources: [{ ...source, ...fields }] }).sources
  expect(found).toEqual({ name: 'my.source', ...(http && { http: expect.objectContaining(http) }) })
})

test.each<[string, object | string, string]>([
  [
    'a target that is wrong',
    withTarget({ Endpoint: 'acs:mns:x' }),
    'eventbridge.yaml:6:9 Rules.0.Targets.0: Endpoint: must be acs:fc:<region>:<account>:functions/<function>',
  ],
  [
    'a parameter given twice',
    withTarget({ ParamList: [body, body] }),
    'eventbridge.yaml:6:9 Rules.0.Targets.0: ParamList: Body is given twice',
  ],
  [
    'a target of another type',
    withTarget({ Type: 'acs.sms' }),
    'eventbridge.yaml:7:9 Rules.0.Targets.0.Type: must be one of acs.fc.function',
  ],
  ['an unknown field', { ...withTarget({}), EventBus: 'bus' }, 'eventbridge.yaml:12:1 EventBus: is not known here'],
  [
    'a strategy that is none',
    withTarget({ PushRetryStrategy: 'FOOBAR' }),
    'PushRetryStrategy: must be BACKOFF_RETRY or EXPONENTIAL_DECAY_RETRY',
  ],
  [
    'a rule without a pattern',
    { EventBusName: 'bus', Rules: [{ RuleName: 'rule', Targets: [] }] },
    'eventbridge.yaml:3:5 Rules.0.FilterPattern: is missing',
  ],
  ['targets that are no list', withTarget({ ParamList: 'Body' }), 'Rules.0.Targets.0.ParamList: must be a list'],
  ['nothing', '', 'eventbridge.yaml:1:1 must be a map of names and values'],
  ['no bus', { Rules: [] }, 'eventbridge.yaml:1:1 EventBusName: is missing'],
  ['a bus with a dot', { ...withTarget({}), EventBusName: 'a.b' }, 'EventBusName: must be 1 to 127 letters'],
  ['a reserved name', { ...withTarget({}), EventBusName: 'eventbridge-reserved-x' }, 'EventBusName: must be'],
  [
    'a source with a slash',
    { ...withTarget({}), EventSources: [{ EventSourceName: 'a/b' }] },
    'EventSources.0.EventSourceName: must be 1 to 127 letters, digits, hyphens or dots',
  ],
  [
    'a fence of a webhook that is not wanted',
    { ...withTarget({}), EventSources: [{ ...source, SourceHttpEventParameters: byAddress }] },
    'eventbridge.yaml:13:5 EventSources.0: SourceHttpEventParameters are for EventBridge’s own webhook: add hostedSource: true',
  ],
  [
    'a webhook with a method that is none',
    {
      ...withTarget({}),
      EventSources: [{ ...source, hostedSource: true, SourceHttpEventParameters: { ...byAddress, Method: ['SEND'] } }],
    },
    'eventbridge.yaml:13:5 EventSources.0: The parameters of http source is invalid. Parameter name is Method and value is SEND',
  ],
  [
    'two sources of one name',
    { ...withTarget({}), EventSources: [source, source] },
    'EventSources: the EventSourceName my.source is given twice',
  ],
  [
    'a pattern that is wrong',
    { EventBusName: 'bus', Rules: [{ RuleName: 'rule', FilterPattern: { source: [] }, Targets: [] }] },
    'eventbridge.yaml:4:5 Rules.0.FilterPattern: source: is an empty list',
  ],
  [
    'more rules than a bus may have',
    withRules(51),
    'Rules.50: The current count of event rule is [50], which will exceed the limit quota [50]',
  ],
  [
    'more targets than a rule may have',
    withTargets(['a', 'b', 'c', 'd', 'e', 'f'].map((Id) => ({ ...target, Id }))),
    'Rules.0.Targets.5: The current count of event target is [5], which will exceed the limit quota [5]',
  ],
  [
    'the name of a bus that is too long',
    { ...withRules(0), EventBusName: 'b'.repeat(128) },
    'EventBusName: must be 1 to 127 letters',
  ],
  [
    'a Template that is too long',
    withTarget({ ParamList: [{ ...body, Form: 'TEMPLATE', Value: '{"a":"b"}', Template: 'x'.repeat(10_241) }] }),
    'eventbridge.yaml:6:9 Rules.0.Targets.0: Body: Template may have 10240 characters',
  ],
  ['two targets of one Id', withTargets([target, target]), 'Rules.0.Targets: the Id one is given twice'],
  [
    'two rules of one name',
    { EventBusName: 'bus', Rules: [...withTargets([target]).Rules, ...withTargets([]).Rules] },
    'Rules: the RuleName rule is given twice',
  ],
  [
    'a queue that is no ARN',
    withTarget({ DeadLetterQueue: { Arn: 'dead-letters' } }),
    'Rules.0.Targets.0: DeadLetterQueue.Arn: must be acs:',
  ],
  ['a broken line', 'EventBusName: [', 'eventbridge.yaml:1:16 Flow sequence in block collection must be'],
])('%s: refused in one line', (_, file, message) => {
  expect(() => read(file)).toThrow(UserError)
  expect(() => read(file)).toThrow(message)
  expect(() => read(file)).not.toThrow(/\n/)
})

test('every fault is named at once', () => {
  const file = withTargets([
    { ...target, Endpoint: 'x' },
    { ...target, Id: 'two', ParamList: [] },
  ])
  expect(() => read(file)).toThrow(/Targets\.0: Endpoint[^\n]*\n[^\n]*Targets\.1: ParamList/)
})

describe('variables', () => {
  const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
  const template = { ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{"URL":"$.id"}', Template: '${URL} ${OTHER}' }
  const withRobot = (Status: string, second: object[] = []) => ({
    EventBusName: 'bus',
    Rules: [
      {
        ...{ RuleName: 'rule', Status, FilterPattern: {} },
        Targets: [
          ...second,
          {
            Id: 'robot',
            Type: 'acs.dingtalk',
            Endpoint: '${URL}',
            ParamList: [constant('URL', '${URL}'), constant('SecretKey', '${SECRET}'), template],
          },
        ],
      },
    ],
  })
  const URL = 'http://127.0.0.1:1/robot/send?access_token=hush'
  const variables = { URL, SECRET: 'hush hush', UNUSED: 'x' }

  test('are filled in in an Endpoint and in what is CONSTANT; a template has its own', () => {
    const { rules, filledIn, leftOut } = read(withRobot('DISABLE'), variables)
    expect(rules[0]?.targets).toMatchObject([
      { Endpoint: URL, ParamList: [constant('URL', URL), constant('SecretKey', 'hush hush'), template] },
    ])
    expect([filledIn, leftOut]).toEqual([{ URL, SECRET: 'hush hush' }, []])
  })

  test.each<[string, Variables, string]>([
    ['none', {}, 'URL'],
    ['one of two', { URL }, 'SECRET'],
    ['an empty one', { URL, SECRET: '' }, 'SECRET'],
  ])('a disabled rule with %s is left out, with all of its targets', (_, some, variable) => {
    const { rules, filledIn, leftOut } = read(withRobot('DISABLE', [target]), some)
    expect([rules, filledIn]).toEqual([[], {}])
    expect(leftOut).toEqual(['one', 'robot'].map((Id) => ({ rule: 'rule', target: Id, variable })))
  })

  test.each<[string, Variables, string]>([
    ['none', {}, '${URL} and ${SECRET} have no values: set URL and SECRET in the shell, in .env for the cloud'],
    ['one of two', { URL }, 'Targets.0: ${SECRET} has no value: set SECRET in the shell'],
  ])('an enabled rule with %s is refused, with what to do', (_, some, message) => {
    expect(() => read(withRobot('ENABLE'), some)).toThrow(message)
    expect(() => read(withRobot('ENABLE'), some)).toThrow(', or the rule that needs it to Status: DISABLE')
  })

  test('what stands for them does so in an enabled rule alone, and a variable goes first', () => {
    expect(read(withRobot('DISABLE'), {}, variables).rules).toEqual([])
    expect(read(withRobot('ENABLE'), { SECRET: '' }, variables).filledIn).toEqual({ URL, SECRET: 'hush hush' })
    expect(read(withRobot('ENABLE'), { SECRET: 'own' }, variables).filledIn).toEqual({ URL, SECRET: 'own' })
  })

  test.each<[string, Variables]>([
    ['no URL', { URL: 'hush', SECRET: 's' }],
    ['a URL of another scheme', { URL: 'ftp://hush', SECRET: 's' }],
    ['an address elsewhere', { URL: 'https://203.0.113.9/send?hush', SECRET: 's' }],
  ])('%s: refused, and the value is not quoted', (_, some) => {
    expect(() => read(withRobot('ENABLE'), some)).toThrow('Rules.0.Targets.0: ')
    expect(() => read(withRobot('ENABLE'), some)).not.toThrow('hush')
  })

  test('the pattern of a rule that is left out is looked at all the same', () => {
    const file = withRobot('DISABLE')
    const wrong = { ...file, Rules: file.Rules.map((rule) => ({ ...rule, FilterPattern: { source: [] } })) }
    expect(() => read(wrong)).toThrow('source: is an empty list')
  })
})

test.each([
  ['an endpoint', withTarget({ Endpoint: 'acs:fc:${Region}:1:functions/f' }), 'Endpoint: ${Region} is not filled in'],
  [
    'an account',
    withTarget({ Endpoint: 'acs:fc:cn-hangzhou:${accountId}:functions/f' }),
    'Endpoint: ${accountId} is not',
  ],
  [
    'one that is not closed',
    withTarget({ Endpoint: 'acs:fc:${region:1:functions/f' }),
    'Endpoint: ${region:1:functions/f',
  ],
  ['no braces', withTarget({ Endpoint: 'acs:fc:$region:1:functions/f' }), 'Endpoint: $region is not filled in'],
  ['braces alone', withTarget({ Endpoint: 'acs:fc:{region}:1:functions/f' }), 'Endpoint: {region} is not filled in'],
  [
    'as documents have it',
    withTarget({ Endpoint: 'acs:fc:<region>:1:functions/f' }),
    'Endpoint: <region> is not filled in',
  ],
  [
    'a queue',
    withTarget({ DeadLetterQueue: { Arn: 'acs:mns:${REGION}:1:/queues/q' } }),
    'DeadLetterQueue.Arn: ${REGION} is not filled in',
  ],
  [
    'a pattern',
    { EventBusName: 'bus', Rules: [{ RuleName: 'r', FilterPattern: { source: ['${source}'] }, Targets: [] }] },
    'Rules.0.FilterPattern.source.0: ${source} is not filled in',
  ],
])('a placeholder that nobody fills in: %s', (_, file, message) => {
  const said = messageOf(() => read(fillPlace(stringify(file), { region: 'cn-hangzhou', accountId: '1' })))
  expect(said).toMatch(/^eventbridge\.yaml:\d+:\d+ /)
  expect(said).toContain(message)
})

test('a template has placeholders of its own, and a pattern may have a dollar', () => {
  const template = { ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{"id":"$.id"}', Template: '${id}' }
  expect(() => read(withTarget({ ParamList: [template] }))).not.toThrow()
  const FilterPattern = { data: { price: ['$USD', '{x}', '<y>'] } }
  expect(() => read({ EventBusName: 'bus', Rules: [{ RuleName: 'r', FilterPattern, Targets: [] }] })).not.toThrow()
})

function messageOf(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

import { type Plan, printPlan } from '../../../../cli/provision/plan'
import { planChanges } from '../../../../cli/provision/planChanges'
import { type FoundBus, type State, withMark } from '../../../../cli/provision/state'
import { http, made, madeRule, madeSource, rule, source, target, wanted } from './states'

const plan = (found: FoundBus | undefined, want: State = wanted): Plan => planChanges('bus', want, found)
const operations = ({ changes }: Plan) => changes.flatMap(({ calls }) => calls.map(({ operation }) => operation))
const calls = ({ changes }: Plan) => changes.flatMap((change) => change.calls)

test('nothing is there yet: everything is made, and says who made it', () => {
  const first = plan(undefined)
  expect(printPlan(first)).toBe(`+ event bus bus
+ event source my.dingtalk
    Description: From DingTalk
+ rule employees
    Description: Personnel events
    Status: ENABLE
    FilterPattern: {"source":["my.dingtalk"]}
    + target employees
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:123456789012:functions/employees
        PushRetryStrategy: EXPONENTIAL_DECAY_RETRY
        ErrorsTolerance: ALL
        DeadLetterQueue.Arn: acs:mns:cn-hangzhou:123456789012:/queues/dead
        ParamList.Body: ORIGINAL`)
  expect(calls(first)).toEqual([
    { operation: 'createEventBus', body: { EventBusName: 'bus', Description: withMark('') } },
    { operation: 'createEventSource', body: { EventBusName: 'bus', ...madeSource() } },
    { operation: 'createRule', body: { EventBusName: 'bus', ...madeRule() } },
  ])
})

test.each<[string, FoundBus]>([
  ['what provision made', made()],
  ['the same, made by others', { description: '', ...wanted }],
  ['a pattern in other white space', made({ rules: [madeRule({ FilterPattern: '{"source": [\n"my.dingtalk"]}' })] })],
  [
    'a default that is said',
    made({ rules: [madeRule({ Targets: [target('employees', { ErrorsTolerance: 'ALL' })] })] }),
  ],
  [
    'null for what is not set',
    made({ rules: [madeRule({ Targets: [target('employees', { ErrorsTolerance: null, ConcurrentConfig: null })] })] }),
  ],
  [
    'a parameter that the service adds',
    made({
      rules: [
        madeRule({
          Targets: [
            target('employees', {
              ParamList: [
                { ResourceKey: 'Body', Form: 'ORIGINAL', Value: '', Template: null },
                { ResourceKey: 'IsBase64Encode', Form: 'CONSTANT', Value: 'false' },
              ],
            }),
          ],
        }),
      ],
    }),
  ],
  [
    "somebody else's rule and source",
    made({
      rules: [madeRule(), rule({ RuleName: 'theirs', Targets: [] })],
      sources: [madeSource(), source({ EventSourceName: 'their.source' })],
    }),
  ],
])('%s: no changes', (_, found) => {
  expect(printPlan(plan(found))).toBe('no changes')
})

test('the order of a pattern does not count', () => {
  const want = { ...wanted, rules: [rule({ FilterPattern: '{"data":{"b":[1],"a":[2]},"source":["s"]}' })] }
  const found = made({ rules: [madeRule({ FilterPattern: '{"source":["s"],"data":{"a":[2],"b":[1]}}' })] })
  expect(printPlan(plan(found, want))).toBe('no changes')
})

describe('what has drifted is brought back', () => {
  test.each<[string, FoundBus, string, string[]]>([
    [
      'a pattern',
      made({ rules: [madeRule({ FilterPattern: '{"source":["x"]}' })] }),
      '~ rule employees\n    FilterPattern: {"source":["x"]} -> {"source":["my.dingtalk"]}',
      ['updateRule'],
    ],
    [
      'a rule that was disabled',
      made({ rules: [madeRule({ Status: 'DISABLE' })] }),
      '~ rule employees\n    Status: DISABLE -> ENABLE',
      ['updateRule'],
    ],
    [
      'a description',
      made({ sources: [madeSource({ Description: withMark('x') })] }),
      '~ event source my.dingtalk\n    Description: x -> From DingTalk',
      ['updateEventSource'],
    ],
    [
      'a dead-letter queue that was taken away',
      made({ rules: [madeRule({ Targets: [target('employees', { DeadLetterQueue: undefined })] })] }),
      '~ rule employees\n    ~ target employees\n        DeadLetterQueue.Arn: (none) -> acs:mns:cn-hangzhou:123456789012:/queues/dead',
      ['createTargets', 'deleteTargets', 'createTargets', 'deleteTargets'],
    ],
    [
      'a target that was deleted',
      made({ rules: [madeRule({ Targets: [] })] }),
      expect.stringMatching(/^~ rule employees\n {4}\+ target employees\n {8}Type: acs\.fc\.function\n/),
      ['createTargets'],
    ],
    [
      'a source that became a hosted one',
      made({ sources: [madeSource({ SourceHttpEventParameters: http })] }),
      '~ event source my.dingtalk\n    Type: HTTPS -> (none)\n    Method: POST -> (none)\n    SecurityConfig: none -> (none)',
      ['deleteEventSource', 'createEventSource'],
    ],
  ])('%s', (_, found, text, expected) => {
    expect(printPlan(plan(found))).toEqual(text)
    expect(operations(plan(found))).toEqual(expected)
  })
})

describe('what the file does not say any more', () => {
  const bare = (fields: object): State => ({ ...wanted, rules: [rule({ Targets: [target('employees', fields)] })] })

  test.each<[string, State, FoundBus, string]>([
    [
      'a queue',
      bare({ DeadLetterQueue: undefined }),
      made(),
      'DeadLetterQueue.Arn: acs:mns:cn-hangzhou:123456789012:/queues/dead -> (none)',
    ],
    [
      'a retry strategy',
      bare({ PushRetryStrategy: undefined }),
      made(),
      'PushRetryStrategy: EXPONENTIAL_DECAY_RETRY -> BACKOFF_RETRY',
    ],
    ['a rule', { sources: [source()], rules: [] }, made(), '- rule employees\n    - target employees'],
    ['a source', { sources: [], rules: [rule()] }, made(), '- event source my.dingtalk'],
    [
      'a target',
      wanted,
      made({ rules: [madeRule({ Targets: [target(), target('old')] }, ['employees', 'old'])] }),
      '~ rule employees\n    - target old',
    ],
  ])('%s', (_, want, found, text) => {
    expect(printPlan(plan(found, want))).toContain(text)
  })
})

describe('what others made is not deleted', () => {
  const theirs = target('theirs')

  test.each<[string, State, FoundBus, string]>([
    [
      'a target of a rule of ours',
      wanted,
      made({ rules: [madeRule({ Targets: [target(), theirs] })] }),
      'no changes\nleft alone: target theirs of rule employees, which provision did not make',
    ],
    [
      'a rule of ours, for their target',
      { ...wanted, rules: [] },
      made({ rules: [madeRule({ Targets: [target(), theirs] })] }),
      'no changes\nleft alone: rule employees, for its targets that provision did not make: theirs',
    ],
    ['a rule and a source', { sources: [], rules: [] }, { description: '', ...wanted }, 'no changes'],
    [
      'a hosted source by the name of ours',
      wanted,
      made({ sources: [source({ SourceHttpEventParameters: http })] }),
      'no changes\nleft alone: event source my.dingtalk is a hosted one, a second door that nothing of ours checks, and provision did not make it',
    ],
  ])('%s', (_, want, found, text) => {
    expect(printPlan(plan(found, want))).toBe(text)
  })

  test('what they made and the file names is brought to the file, and stays theirs', () => {
    const found = { description: '', sources: [source({ Description: 'x' })], rules: [rule({ Status: 'DISABLE' })] }
    expect(calls(plan(found)).map(({ body }) => body['Description'])).toEqual(['From DingTalk', 'Personnel events'])
  })
})

describe('targets that come and go in one plan', () => {
  const found = made({ rules: [madeRule({ Targets: [target('old'), target('theirs')] }, ['old'])] })

  test('the new one is there before the old one goes, and each is marked as long as it may be there', () => {
    const steps = calls(plan(found)).map(({ operation, body }) => [
      operation,
      body['Description'] ?? body['TargetIds'] ?? (body['Targets'] as { Id: string }[]).map(({ Id }) => Id),
    ])
    expect(steps).toEqual([
      ['updateRule', withMark('Personnel events', ['old', 'employees'])],
      ['createTargets', ['employees']],
      ['deleteTargets', ['old']],
      ['updateRule', withMark('Personnel events', ['employees'])],
    ])
  })

  test('a stand-in that was left behind goes', () => {
    const cutOff = made({ rules: [madeRule({ Targets: [target(), target('employees-stand-in')] })] })
    expect(printPlan(plan(cutOff))).toBe('~ rule employees\n    - target employees-stand-in')
  })
})

test.each(['SecretKey', 'URL', 'Password', 'AccessToken'])("a robot's %s is not shown", (ResourceKey) => {
  const robot = (Value: string) => target('employees', { ParamList: [{ ResourceKey, Form: 'CONSTANT', Value }] })
  const want = { ...wanted, rules: [rule({ Targets: [robot('hush')] })] }
  const text = printPlan(plan(made({ rules: [madeRule({ Targets: [robot('hush hush')] })] }), want))
  expect(text).toContain(`ParamList.${ResourceKey}: (not shown) -> (not shown)`)
  expect(printPlan(plan(undefined, want))).not.toContain('hush')
})

test.each([
  [
    'https://oapi.dingtalk.com/robot/send?access_token=hush',
    'https://oapi.dingtalk.com/robot/send (the rest is not shown)',
  ],
  ['https://hush:hush@example.com/hook', 'https://example.com/hook (the rest is not shown)'],
  ['https://example.com/hook', 'https://example.com/hook'],
])('of the endpoint %s no token is shown', (Endpoint, shown) => {
  const want = { ...wanted, rules: [rule({ Targets: [target('employees', { Endpoint })] })] }
  expect(printPlan(plan(undefined, want))).toContain(`Endpoint: ${shown}`)
  expect(printPlan(plan(made({}), want))).not.toContain('hush')
})

import {
  CreateRuleRequest,
  DeleteRuleRequest,
  DisableRuleRequest,
  EnableRuleRequest,
  GetRuleRequest,
  ListRulesRequest,
  UpdateRuleRequest,
} from '@alicloud/eventbridge'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { signedPost } from '../../support/signedPost'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const rule = (ruleName: string, fields: object = {}) => ({ eventBusName: 'my-bus', ruleName, ...fields })
const create = (ruleName: string, fields: object = {}) =>
  emulator.sdk().createRule(new CreateRuleRequest(rule(ruleName, { filterPattern: '{}', ...fields })))
const get = (ruleName: string) => emulator.sdk().getRule(new GetRuleRequest(rule(ruleName)))
const update = (ruleName: string, fields: object) =>
  emulator.sdk().updateRule(new UpdateRuleRequest(rule(ruleName, fields)))
const list = (fields: object = {}) =>
  emulator.sdk().listRules(new ListRulesRequest({ eventBusName: 'my-bus', ...fields }))

/** Makes a rule with one target, whatever the SDK's model of targets knows. */
const createWithTarget = (name: string, fields: object = {}) =>
  emulator.call('createRule', {
    EventBusName: 'my-bus',
    RuleName: name,
    FilterPattern: '{}',
    Targets: [functionTarget('target')],
    ...fields,
  })

async function publish(id: string): Promise<void> {
  expect(await emulator.sdk().putEvents([cloudEvent(id)])).toMatchObject({ failedEntryCount: 0 })
}

/** the ids of the events that the rule's function got */
const deliveredIds = () => emulator.delivered.map(({ id }) => id)

test('a rule is made, found, listed and deleted', async () => {
  const filterPattern = '{ "source": ["my.source"] }'
  const made = await create('r', { filterPattern, description: 'd', tags: { a: 'b' }, status: 'DISABLE' })
  expect(made.ruleARN).toBe('acs:eventbridge:cn-hangzhou:123456789012:eventbus/my-bus/rule/r')
  const start = Date.parse('2026-01-01T00:00:00Z')
  expect(await get('r')).toMatchObject({
    eventBusName: 'my-bus',
    ruleName: 'r',
    ruleARN: made.ruleARN,
    description: 'd',
    status: 'DISABLE',
    filterPattern,
    targets: [],
    ctime: start,
    mtime: start,
    tags: { a: 'b' },
  })
  expect(await list()).toMatchObject({ total: 1, rules: [{ ruleName: 'r', filterPattern, ctime: start }] })
  await emulator.sdk().deleteRule(new DeleteRuleRequest(rule('r')))
  expect(await list()).toMatchObject({ total: 0, rules: [] })
})

test('an update changes what it gives and leaves the rest', async () => {
  await createWithTarget('r', { Description: 'old', Tags: { a: 'b' } })
  await emulator.clock.advance(5_000)
  await update('r', { description: 'new' })
  const changed = await get('r')
  expect(changed).toMatchObject({ description: 'new', filterPattern: '{}', status: 'ENABLE', tags: { a: 'b' } })
  expect(Number(changed.mtime) - Number(changed.ctime)).toBe(5_000)
  await update('r', { filterPattern: '{"source":["x"]}', status: 'DISABLE', tags: {} })
  expect(await get('r')).toMatchObject({
    description: 'new',
    filterPattern: '{"source":["x"]}',
    status: 'DISABLE',
    tags: {},
    targets: [{ id: 'target' }],
  })
})

test.each([
  ['enable', 'ENABLE'],
  ['Enable', 'ENABLE'],
  ['disable', 'DISABLE'],
])('the status %s is %s', async (given, status) => {
  await create('r', { status: given })
  expect(await get('r')).toMatchObject({ status })
  await update('r', { status: given })
  expect(await get('r')).toMatchObject({ status })
})

test('a sample of the Java SDK: http without an Endpoint, by url', async () => {
  const address = 'http://127.0.0.1:9/'
  const ParamList = [
    { ResourceKey: 'url', Form: 'CONSTANT', Value: address },
    { ResourceKey: 'Body', Form: 'CONSTANT', Value: 'demo sample' },
  ]
  await createWithTarget('r', { Targets: [{ Id: 'mnsQueueTarget', Type: 'http', ParamList }] })
  expect((await get('r')).targets).toMatchObject([{ endpoint: address, paramList: [{ resourceKey: 'url' }, {}] }])
})

test('an id beyond 2^53 is not taken for its neighbour, and what is delivered has its digits', async () => {
  await createWithTarget('r', { FilterPattern: '{"data":{"id":[9007199254740993]}}' })
  emulator.eventBridge.deliver()
  for (const id of ['9007199254740993', '9007199254740992', '9007199254740994']) {
    const event = `{"id":"e-${id}","source":"s","specversion":"1.0","type":"t","aliyuneventbusname":"my-bus","data":{"id":${id}}}`
    await signedPost(emulator.port, '/openapi/putEvents', { 'content-type': 'application/cloudevents+json' }, event)
  }
  await waitFor(() => emulator.payloads.length > 0)
  expect(emulator.payloads).toEqual([expect.stringContaining('"data":{"id":9007199254740993}')])
})

test('a new rule, and a changed pattern, hold for the next event', async () => {
  await publish('before')
  await createWithTarget('r')
  await publish('matching')
  await update('r', { filterPattern: '{"source":["other"]}' })
  await publish('not-matching')
  await update('r', { filterPattern: '{}' })
  await publish('matching-again')
  await waitFor(() => emulator.delivered.length === 2)
  expect(deliveredIds()).toEqual(['matching', 'matching-again'])
})

test('a disabled rule matches nothing until it is enabled', async () => {
  await createWithTarget('r')
  await emulator.sdk().disableRule(new DisableRuleRequest(rule('r')))
  expect(await get('r')).toMatchObject({ status: 'DISABLE' })
  await publish('meanwhile')
  await emulator.sdk().enableRule(new EnableRuleRequest(rule('r')))
  await publish('afterwards')
  await waitFor(() => emulator.delivered.length > 0)
  expect(deliveredIds()).toEqual(['afterwards'])
})

test('a deleted rule matches nothing', async () => {
  await createWithTarget('deleted')
  await createWithTarget('kept')
  await emulator.sdk().deleteRule(new DeleteRuleRequest(rule('deleted')))
  await publish('once')
  const { EventTraceList } = await emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId: 'once' })
  expect(JSON.stringify(EventTraceList)).toContain('kept')
  expect(JSON.stringify(EventTraceList)).not.toContain('deleted')
})

test('rules come in pages, by the beginning of names if asked for', async () => {
  for (const name of ['r-1', 'r-2', 'r-3', 'other']) await create(name)
  const first = await list({ ruleNamePrefix: 'r-', limit: 2 })
  expect(first).toMatchObject({ total: 3, rules: [{ ruleName: 'r-1' }, { ruleName: 'r-2' }] })
  const second = await list({ ruleNamePrefix: 'r-', limit: 2, nextToken: first.nextToken })
  expect(second.rules?.map(({ ruleName }) => ruleName)).toEqual(['r-3'])
  expect(second.nextToken).toBeUndefined()
})

test('50 rules on a bus, and no more', async () => {
  for (let count = 0; count < 50; count++) await create(`rule-${count}`)
  await expect(create('one-more')).rejects.toMatchObject({ code: 'EventRuleCountExceedLimit' })
})

const sixTargets = Array.from({ length: 6 }, (_, index) => functionTarget(`t${index}`))

test.each<[string, string, () => Promise<unknown>]>([
  ['on a bus that is not there', 'EventBusNotExist', () => create('r', { eventBusName: 'nowhere' })],
  ['a name that is there', 'EventRuleAlreadyExist', () => create('r').then(() => create('r'))],
  ['a reserved name', 'EventRuleNameInvalid', () => create('eventbridge-reserved-r')],
  ['a name with an underscore', 'EventRuleNameInvalid', () => create('a_b')],
  ['an empty name', 'EventRuleNameInvalid', () => create('')],
  ['no pattern', 'EventRuleFilterPatternEmpty', () => emulator.call('createRule', { EventBusName: 'my-bus' })],
  ['an empty pattern', 'EventRuleFilterPatternEmpty', () => create('r', { filterPattern: '' })],
  ['a pattern that is no JSON', 'EventRuleFilterPatternSchemaError', () => create('r', { filterPattern: '{' })],
  ['an unknown operator', 'EventRuleFilterPatternSchemaError', () => create('r', { filterPattern: '{"x":[1]}' })],
  ['another status', 'JsonAttributeInvalid', () => create('r', { status: 'PAUSED' })],
  ['six targets', 'EventTargetCountExceedLimit', () => createWithTarget('r', { Targets: sixTargets })],
  [
    'two targets of one Id',
    'EventRuleTargetIdDuplicate',
    () => createWithTarget('r', { Targets: [functionTarget('t'), functionTarget('t')] }),
  ],
  [
    'a target of a type that there is not',
    'EventTargetClassNotExist',
    () => createWithTarget('r', { Targets: [functionTarget('t', { Type: 'acs.sms' })] }),
  ],
  [
    'a target whose type is an object that becomes no text',
    'EventTargetClassNotExist',
    () => createWithTarget('r', { Targets: [functionTarget('t', { Type: { toString: 'acs.fc.function' } })] }),
  ],
  ['to get one that is not there', 'EventRuleNotExist', () => get('r')],
  ['to update one that is not there', 'EventRuleNotExist', () => update('r', {})],
  [
    'to delete one that is not there',
    'EventRuleNotExist',
    () => emulator.call('deleteRule', { EventBusName: 'my-bus' }),
  ],
  [
    'to enable one that is not there',
    'EventRuleNotExist',
    () => emulator.call('enableRule', { EventBusName: 'my-bus' }),
  ],
  [
    'to disable one that is not there',
    'EventRuleNotExist',
    () => emulator.call('disableRule', { EventBusName: 'my-bus' }),
  ],
  ['to list on a bus that is not there', 'EventBusNotExist', () => list({ eventBusName: 'nowhere' })],
  ['a page of none', 'LimitSizeInvalid', () => list({ limit: 0 })],
  [
    'a token of another list',
    'NextTokenInvalid',
    () => list({ nextToken: Buffer.from('before 1').toString('base64url') }),
  ],
  [
    'an update with a bad pattern',
    'EventRuleFilterPatternSchemaError',
    () => create('r').then(() => update('r', { filterPattern: '[]' })),
  ],
  [
    'an update with an empty pattern',
    'EventRuleFilterPatternEmpty',
    () => create('r').then(() => update('r', { filterPattern: '' })),
  ],
  ['an update with targets', 'JsonAttributeInvalid', () => emulator.call('updateRule', { ...rule('r'), Targets: [] })],
])('refused: %s: %s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code, data: { code } })
})

test('a rule of which one target is refused is not made', async () => {
  const Targets = [functionTarget('good'), functionTarget('bad', { Endpoint: 'nowhere' })]
  await expect(createWithTarget('r', { Targets })).rejects.toMatchObject({ code: 'EventTargetIneffectiveAttribute' })
  await expect(get('r')).rejects.toMatchObject({ code: 'EventRuleNotExist' })
})

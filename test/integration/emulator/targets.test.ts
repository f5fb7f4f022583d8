import {
  CreateTargetsRequest,
  DeleteTargetsRequest,
  EBTargetParam,
  ListTargetsRequest,
  TargetEntry,
} from '@alicloud/eventbridge'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
  await emulator.call('createRule', { ...names, FilterPattern: '{}' })
})

const names = { EventBusName: 'my-bus', RuleName: 'r' }
const rule = { eventBusName: 'my-bus', ruleName: 'r' }
const create = (...Targets: unknown[]) => emulator.call('createTargets', { ...names, Targets })
const list = (fields: object = {}) => emulator.sdk().listTargets(new ListTargetsRequest({ ...rule, ...fields }))
const ids = async () => (await list()).targets?.map(({ id }) => id)

test('targets are made, listed and deleted by the SDK', async () => {
  const target = new TargetEntry({
    id: 'one',
    type: 'acs.fc.function',
    endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
    pushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    paramList: [new EBTargetParam({ resourceKey: 'Body', form: 'CONSTANT', value: '{"constant":1}' })],
  })
  const made = await emulator.sdk().createTargets(new CreateTargetsRequest({ ...rule, targets: [target] }))
  expect(made).toMatchObject({ errorEntriesCount: 0, errorEntries: [] })
  expect((await list()).targets).toEqual([target])
  const deleted = await emulator.sdk().deleteTargets(new DeleteTargetsRequest({ ...rule, targetIds: ['one'] }))
  expect(deleted).toMatchObject({ errorEntriesCount: 0, errorEntries: [] })
  expect(await ids()).toEqual([])
})

test("what the SDK's model lacks is kept and read back", async () => {
  const target = functionTarget('one', {
    ErrorsTolerance: 'NONE',
    DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/dead' },
    ConcurrentConfig: { Concurrency: 1 },
    PushSelector: 'PARAM_TRANSFORMER',
  })
  await create(target)
  expect(await emulator.call('listTargets', names)).toMatchObject({ Targets: [target] })
  expect(await emulator.call('getRule', names)).toMatchObject({ Targets: [target] })
})

test('an event goes to the targets that a rule has now, and is made by their parameters', async () => {
  await create(functionTarget('one'), functionTarget('two'))
  await emulator.call('deleteTargets', { ...names, TargetIds: ['one'] })
  await create(
    functionTarget('three', { ParamList: [{ ResourceKey: 'Body', Form: 'CONSTANT', Value: '{"three":3}' }] }),
  )
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(() => emulator.delivered.length === 2)
  expect(emulator.delivered).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'e' }), { three: 3 }]))
})

test('a target may be another bus, whose rules then have their say', async () => {
  const endpoint = (bus: string) => ({
    Type: 'acs.eventbridge',
    Endpoint: `acs:eventbridge:cn-hangzhou:123456789012:eventbus/${bus}`,
  })
  await emulator.call('createEventBus', { EventBusName: 'second' })
  const Targets = [functionTarget('function')]
  await emulator.call('createRule', { EventBusName: 'second', RuleName: 'r', FilterPattern: '{}', Targets })
  await create(functionTarget('bus', endpoint('second')), functionTarget('nowhere', endpoint('nowhere')))
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(() => emulator.delivered.length === 1)
  expect(emulator.delivered).toEqual([expect.objectContaining({ id: 'e', aliyuneventbusname: 'second' })])
  await waitFor(async () => {
    const trace = await emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId: 'e' })
    return JSON.stringify(trace).includes('the event bus nowhere does not exist')
  })
})

test('each target is made or refused by itself', async () => {
  await create(functionTarget('there'))
  const { ErrorEntriesCount, ErrorEntries } = await create(
    functionTarget('there', { Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/other' }),
    functionTarget('new'),
    functionTarget('new'),
    functionTarget('bad', { Endpoint: 'nowhere' }),
    functionTarget('strange', { Type: 'acs.sms' }),
    'no target at all',
  )
  expect(ErrorEntriesCount).toBe(5)
  expect((ErrorEntries as Record<string, string>[]).map((entry) => [entry['EntryId'], entry['ErrorCode']])).toEqual([
    ['there', 'EventRuleTargetIdDuplicate'],
    ['new', 'EventRuleTargetIdDuplicate'],
    ['bad', 'EventTargetIneffectiveAttribute'],
    ['strange', 'EventTargetClassNotExist'],
    ['', 'EventTargetIneffectiveAttribute'],
  ])
  expect(await ids()).toEqual(['there', 'new'])
  expect((await list()).targets?.[0]?.endpoint).toMatch(/functions\/there$/)
})

test('five targets, and no more', async () => {
  const answer = await create(...[1, 2, 3, 4, 5, 6].map((number) => functionTarget(`t${number}`)))
  expect(answer).toMatchObject({
    ErrorEntriesCount: 1,
    ErrorEntries: [{ EntryId: 't6', ErrorCode: 'EventTargetCountExceedLimit' }],
  })
  expect(await ids()).toHaveLength(5)
})

test.each<[string, object, string]>([
  ['another tolerance', { ErrorsTolerance: 'SOME' }, 'ErrorsTolerance: must be ALL or NONE'],
  ['a queue that is no ARN', { DeadLetterQueue: { Arn: 'x' } }, 'DeadLetterQueue.Arn: must be acs:'],
  ['no concurrency', { ConcurrentConfig: { Concurrency: 0 } }, 'ConcurrentConfig.Concurrency'],
  ['another selector', { PushSelector: 'X' }, 'PushSelector: must be PARAM_TRANSFORMER'],
  ['an unknown field', { TransformOnce: true }, 'TransformOnce'],
  ['no parameter', { ParamList: [] }, 'Body is missing'],
])('refused with its reason: %s', async (_, fields, reason) => {
  expect(await create(functionTarget('t', fields))).toMatchObject({
    ErrorEntries: [
      { EntryId: 't', ErrorCode: 'EventTargetIneffectiveAttribute', ErrorMessage: expect.stringContaining(reason) },
    ],
  })
})

test('to delete what is not there is an error entry, and deletes the rest', async () => {
  await create(functionTarget('one'))
  const answer = await emulator.call('deleteTargets', { ...names, TargetIds: ['nothing', 'one'] })
  expect(answer).toMatchObject({
    ErrorEntriesCount: 1,
    ErrorEntries: [{ EntryId: 'nothing', ErrorCode: 'EventTargetNotExist' }],
  })
  expect(await ids()).toEqual([])
})

test('a list is as long as asked for', async () => {
  await create(functionTarget('one'), functionTarget('two'))
  expect((await list({ limit: 1 })).targets).toHaveLength(1)
  await expect(list({ limit: 0 })).rejects.toMatchObject({ code: 'LimitSizeInvalid' })
})

test.each([
  ['createTargets', { Targets: [] }],
  ['deleteTargets', { TargetIds: [] }],
  ['listTargets', {}],
])('%s of a rule that is not there', async (operation, fields) => {
  const call = (where: object) => emulator.call(operation, { ...names, ...fields, ...where })
  await expect(call({ RuleName: 'nothing' })).rejects.toMatchObject({ code: 'EventRuleNotExist' })
  await expect(call({ EventBusName: 'nowhere' })).rejects.toMatchObject({ code: 'EventBusNotExist' })
})

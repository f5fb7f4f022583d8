import { cloudEvent, emptyFile, emulators, type TestEmulator } from '../../support/emulator'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const fileWith = (rules: string, sources = '') => `
EventBusName: my-bus
EventSources: [${sources}]
Rules: [${rules}]
`
const target = JSON.stringify(functionTarget('from-file'))
const fileRule = `{ RuleName: from-file, FilterPattern: { source: [my.source] }, Targets: [${target}] }`
const fileSource = '{ EventSourceName: my.source, Description: of the file }'

const startEmulator = emulators()
const onBus = { EventBusName: 'my-bus' }

const rulesOf = async (emulator: TestEmulator) =>
  ((await emulator.call('listRules', onBus))['Rules'] as Record<string, unknown>[]).map((rule) => rule['RuleName'])
const sourcesOf = async (emulator: TestEmulator) =>
  ((await emulator.call('v2/listUserDefinedEventSources', onBus))['EventSources'] as Record<string, unknown>[]).map(
    (source) => source['Name'],
  )
const busesOf = async (emulator: TestEmulator) =>
  ((await emulator.call('listEventBuses'))['EventBuses'] as Record<string, unknown>[]).map((bus) => bus['EventBusName'])

/** The trace says which rules matched, whatever becomes of the deliveries. */
async function matchedBy(emulator: TestEmulator, id: string): Promise<unknown[]> {
  await emulator.sdk().putEvents([cloudEvent(id)])
  const { EventTraceList } = await emulator.call('queryEventTraces', { ...onBus, EventId: id })
  const steps = EventTraceList as Record<string, unknown>[]
  return steps.filter((step) => step['Action'] === 'FilterEvent').map((step) => step['RuleName'])
}

test('what was made by API is there after a restart, as it was', async () => {
  const emulator = await startEmulator()
  const Tags = { a: 'b' }
  await emulator.call('createEventBus', { EventBusName: 'own', Description: 'd', Tags })
  await emulator.call('v2/createEventSource', {
    EventBusName: 'own',
    EventSourceName: 'web',
    SourceHttpEventParameters: { Type: 'HTTP', Method: ['POST'], SecurityConfig: 'none' },
  })
  const Targets = [functionTarget('t', { DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/q' } })]
  await emulator.call('createRule', { EventBusName: 'own', RuleName: 'r', FilterPattern: '{}', Targets, Tags })
  await emulator.call('createRule', { ...onBus, RuleName: 'off', FilterPattern: '{}', Status: 'DISABLE' })
  const all = async () => {
    const answers = await Promise.all([
      emulator.call('getEventBus', { EventBusName: 'own' }),
      emulator.call('v2/listUserDefinedEventSources', { EventBusName: 'own' }),
      emulator.call('getRule', { EventBusName: 'own', RuleName: 'r' }),
      emulator.call('getRule', { ...onBus, RuleName: 'off' }),
    ])
    return answers.map(({ RequestId: _, ...answer }) => answer)
  }
  const before = await all()
  await emulator.clock.advance(60_000)
  await emulator.restart()
  expect(await all()).toEqual(before)
  expect(await matchedBy(emulator, 'e')).toEqual([])

  await emulator.call('deleteRule', { EventBusName: 'own', RuleName: 'r' })
  await emulator.call('v2/deleteEventSource', { EventBusName: 'own', EventSourceName: 'web' })
  await emulator.call('deleteEventBus', { EventBusName: 'own' })
  await emulator.restart()
  expect(await busesOf(emulator)).toEqual(['default', 'my-bus'])
})

test('rules made by API deliver after a restart', async () => {
  const emulator = await startEmulator()
  await emulator.call('createRule', { ...onBus, RuleName: 'r', FilterPattern: '{}', Targets: [functionTarget('t')] })
  await emulator.restart()
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(() => emulator.delivered.length === 1)
})

test("the file's resources are there, and go when they leave it; what was made by API stays", async () => {
  const emulator = await startEmulator({ yaml: fileWith(fileRule, fileSource) })
  await emulator.call('createRule', { ...onBus, RuleName: 'by-api', FilterPattern: '{}' })
  await emulator.call('v2/createEventSource', { ...onBus, EventSourceName: 'by-api' })
  expect(await rulesOf(emulator)).toEqual(['by-api', 'from-file'])
  expect(await sourcesOf(emulator)).toEqual(['by-api', 'my.source'])
  await emulator.restart(emptyFile)
  expect(await rulesOf(emulator)).toEqual(['by-api'])
  expect(await sourcesOf(emulator)).toEqual(['by-api'])
})

test('a rule that the file renames is another rule', async () => {
  const emulator = await startEmulator({ yaml: fileWith(fileRule) })
  await emulator.restart(fileWith(fileRule.replace('RuleName: from-file', 'RuleName: renamed')))
  expect(await rulesOf(emulator)).toEqual(['renamed'])
  expect(await matchedBy(emulator, 'e')).toEqual(['renamed'])
})

test("what an API client changes of the file's resources lasts until the next start", async () => {
  const emulator = await startEmulator({ yaml: fileWith(fileRule, fileSource) })
  const named = { ...onBus, RuleName: 'from-file' }
  const { RequestId: _, ...before } = await emulator.call('getRule', named)
  await emulator.clock.advance(60_000)
  await emulator.call('disableRule', named)
  await emulator.call('deleteTargets', { ...named, TargetIds: ['from-file'] })
  await emulator.call('v2/deleteEventSource', { ...onBus, EventSourceName: 'my.source' })
  expect(await matchedBy(emulator, 'changed')).toEqual([])
  await emulator.restart()
  expect(await emulator.call('getRule', named)).toMatchObject({ ...before, Mtime: Number(before['Ctime']) + 60_000 })
  expect(await sourcesOf(emulator)).toEqual(['my.source'])
  expect(await matchedBy(emulator, 'restored')).toEqual(['from-file'])
})

test('a rule that the file leaves as it is keeps its times', async () => {
  const emulator = await startEmulator({ yaml: fileWith(fileRule) })
  const read = async () => {
    const { RequestId: _, ...rule } = await emulator.call('getRule', { ...onBus, RuleName: 'from-file' })
    return rule
  }
  const before = await read()
  await emulator.clock.advance(60_000)
  await emulator.restart()
  expect(await read()).toEqual(before)
})

test('the bus of the file goes when the file has another, unless a client of the API uses it', async () => {
  const emulator = await startEmulator({ yaml: fileWith(fileRule, fileSource) })
  await emulator.restart('EventBusName: second\nRules: []\n')
  expect(await busesOf(emulator)).toEqual(['default', 'second'])

  await emulator.call('createRule', { EventBusName: 'second', RuleName: 'r', FilterPattern: '{}' })
  await emulator.restart('EventBusName: third\nRules: []\n')
  await emulator.restart(emptyFile)
  expect(await busesOf(emulator)).toEqual(['default', 'my-bus', 'second'])
})

test('the file may be about the default bus', async () => {
  const emulator = await startEmulator({ yaml: `EventBusName: default\nRules: [${fileRule}]\n` })
  await emulator.restart(emptyFile)
  expect(await busesOf(emulator)).toEqual(['default', 'my-bus'])
  expect(await emulator.call('listRules', { EventBusName: 'default' })).toMatchObject({ Total: 0 })
})

test('a stored target that is refused by now keeps its events and says why', async () => {
  const emulator = await startEmulator({
    connections: { invoke: async () => ({}), allowedHosts: ['192.0.2.1'] },
  })
  const Targets = [
    functionTarget('elsewhere', {
      Type: 'https',
      Endpoint: 'https://192.0.2.1/hook',
      PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    }),
  ]
  await emulator.call('createRule', { ...onBus, RuleName: 'r', FilterPattern: '{}', Targets })
  await emulator.restart(emptyFile, { connections: { invoke: async () => ({}) } })
  expect(await matchedBy(emulator, 'e')).toEqual(['r'])
  await waitFor(async () => {
    const { EventTraceList } = await emulator.call('queryEventTraces', { ...onBus, EventId: 'e' })
    return JSON.stringify(EventTraceList).includes('the target is refused: ')
  })
})

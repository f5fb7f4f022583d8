import { emulators, type TestEmulator } from '../../support/emulator'
import { manualClock } from '../../support/manualClock'
import { waitForDisk } from '../../support/store'
import { functionTarget } from '../../support/targetEntries'

const startEmulator = emulators()
let emulator: TestEmulator

const MINUTE = 60_000
const HOUR = 60 * MINUTE

beforeEach(async () => {
  emulator = await startEmulator()
  emulator.eventBridge.deliver()
})

const parameters = (Schedule: string, fields: object = {}) => ({
  SourceScheduledEventParameters: { Schedule, TimeZone: 'GMT+8:00', ...fields },
})
const named = (name: string) => ({ EventBusName: 'my-bus', EventSourceName: name })
const create = (name: string, Schedule: string, fields: object = {}) =>
  emulator.call('v2/createEventSource', { ...named(name), ...parameters(Schedule, fields) })
const update = (name: string, fields: object) => emulator.call('v2/updateEventSource', { ...named(name), ...fields })
const remove = (name: string) => emulator.call('v2/deleteEventSource', named(name))

/** when each event that is there was due, the oldest first */
async function times(): Promise<string[]> {
  const asked = { EventBusName: 'my-bus', StartTime: 0, EndTime: Date.parse('2100-01-01') }
  const { TracedEvents } = await emulator.call('queryEventsByPeriod', asked)
  const ids = (TracedEvents as { EventId: string }[]).map(({ EventId }) => EventId)
  const { EventMap } = await emulator.call('queryEventsByEventIds', { EventBusName: 'my-bus', EventIds: ids })
  return Object.values(EventMap as Record<string, string>)
    .map((json) => JSON.parse(json).time as string)
    .sort()
}

test('its event is delivered as the service’s page shows it', async () => {
  await emulator.call('createRule', {
    EventBusName: 'my-bus',
    RuleName: 'r',
    FilterPattern: '{"source":["tick"],"data":{"UserData":{"a":["b"]}}}',
    Targets: [functionTarget('f')],
  })
  await create('tick', '0 */10 * * * *', { UserData: '{"a":"b"}' })
  await emulator.clock.advance(10 * MINUTE)
  expect(emulator.delivered).toEqual([
    {
      datacontenttype: 'application/json;charset=utf-8',
      aliyunaccountid: '123456789012',
      aliyunpublishtime: '2026-01-01T00:10:00.000Z',
      data: { TimeZone: 'GMT+8:00', Schedule: '0 */10 * * * *', UserData: { a: 'b' } },
      specversion: '1.0',
      aliyuneventbusname: 'my-bus',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}-[0-9a-f]{4}$/),
      source: 'tick',
      time: '2026-01-01T00:10:00Z',
      aliyunregionid: 'cn-hangzhou',
      type: 'eventbridge:Events:ScheduledEvent',
    },
  ])
})

test('by its time zone; without one, and without UserData, in UTC', async () => {
  await create('east', '0 0 9 * * *')
  await emulator.call('v2/createEventSource', {
    ...named('utc'),
    SourceScheduledEventParameters: { Schedule: '0 0 9 * * *' },
  })
  await emulator.clock.advance(24 * HOUR)
  expect(await times()).toEqual(['2026-01-01T01:00:00Z', '2026-01-01T09:00:00Z'])
})

test('it is told as it was given, and changed and removed while it runs', async () => {
  await create('tick', '0 * * * * *', { UserData: '{ "a": "b" }' })
  const list = async () =>
    (await emulator.call('v2/listUserDefinedEventSources', { EventBusName: 'my-bus' }))['EventSources']
  expect(await list()).toMatchObject([
    {
      Name: 'tick',
      SourceScheduledEventParameters: { Schedule: '0 * * * * *', TimeZone: 'GMT+8:00', UserData: '{ "a": "b" }' },
    },
  ])
  await emulator.clock.advance(2 * MINUTE)
  await update('tick', { Description: 'still each minute' })
  await emulator.clock.advance(MINUTE)
  await update('tick', parameters('30 */5 * * * *'))
  await emulator.clock.advance(6 * MINUTE)
  await remove('tick')
  await emulator.clock.advance(HOUR)
  const minutes = ['00:01:00', '00:02:00', '00:03:00', '00:05:30']
  expect(await times()).toEqual(minutes.map((time) => `2026-01-01T${time}Z`))
})

test('it becomes an HTTP source, and publishes no more', async () => {
  await create('tick', '0 * * * * *')
  await update('tick', { SourceHttpEventParameters: { Type: 'HTTP', Method: ['POST'], SecurityConfig: 'none' } })
  await emulator.clock.advance(HOUR)
  expect(await times()).toEqual([])
})

/** An emulator by a clock that may also be set, forward or back. */
async function startBySetClock() {
  const hand = manualClock()
  const set = { by: 0 }
  const clock = { now: () => hand.now() + set.by, after: hand.after }
  emulator = await startEmulator({ clock })
  waitForDisk(hand, () => emulator.eventBridge.store)
  emulator.eventBridge.deliver()
  return { hand, set }
}

test('a moment comes once, whether the emulator ends before it or after; what was due meanwhile is not made up', async () => {
  const { hand, set } = await startBySetClock()
  await create('tick', '0 */10 * * * *')
  await hand.advance(10 * MINUTE)
  await emulator.restart()
  await hand.advance(5 * MINUTE)
  await emulator.restart()
  await hand.advance(5 * MINUTE)
  set.by += 25 * MINUTE
  await emulator.restart()
  await hand.advance(5 * MINUTE)
  expect(await times()).toEqual(['00:10:00', '00:20:00', '00:50:00'].map((time) => `2026-01-01T${time}Z`))
})

test('a clock that is set back brings no moment twice, and those after it come at their time', async () => {
  const { hand, set } = await startBySetClock()
  await create('tick', '0 */10 * * * *')
  await hand.advance(20 * MINUTE)
  expect(await times()).toHaveLength(2)
  set.by = -15 * MINUTE
  await hand.advance(15 * MINUTE)
  expect(await times()).toHaveLength(2)
  await hand.advance(10 * MINUTE)
  expect(await times()).toEqual(['00:10:00', '00:20:00', '00:30:00'].map((time) => `2026-01-01T${time}Z`))
})

test('a clock that was hours ahead when the source was made does not silence it for hours', async () => {
  const { hand, set } = await startBySetClock()
  set.by = 5 * HOUR
  await create('tick', '0 0 * * * *')
  set.by = 0
  await hand.advance(2 * HOUR)
  expect(await times()).toEqual(['01:00:00', '02:00:00'].map((time) => `2026-01-01T${time}Z`))
})

test('a clock that leaps, as that of a laptop that slept, leaves out what is long over', async () => {
  const { hand, set } = await startBySetClock()
  await create('tick', '0 * * * * *')
  await hand.advance(90_000)
  set.by = 8 * HOUR
  await hand.advance(2 * MINUTE)
  expect(await times()).toEqual(['00:01:00', '08:02:00', '08:03:00'].map((time) => `2026-01-01T${time}Z`))
})

const yaml = (sources: string) => `EventBusName: my-bus\nEventSources: ${sources}\nRules: []\n`

test('eventbridge.yaml has scheduled sources, too', async () => {
  const source = (schedule: string) =>
    yaml(`[{ EventSourceName: tick, SourceScheduledEventParameters: { Schedule: "${schedule}", UserData: { a: b } } }]`)
  await emulator.restart(source('0 0 * * * *'))
  await emulator.clock.advance(90 * MINUTE)
  await emulator.restart(source('0 30 * * * *'))
  await emulator.clock.advance(90 * MINUTE)
  expect(await times()).toEqual(['01:00:00', '02:30:00'].map((time) => `2026-01-01T${time}Z`))
  await emulator.restart(yaml('[]'))
  await emulator.clock.advance(90 * MINUTE)
  expect(await times()).toHaveLength(2)
})

test.each<[what: string, yaml: string, message: RegExp]>([
  [
    'five fields',
    '[{ EventSourceName: tick, SourceScheduledEventParameters: { Schedule: "* * * * *" } }]',
    /eventbridge.yaml:2:\d+ .*six fields/,
  ],
  [
    'a zone by its name',
    '[{ EventSourceName: tick, SourceScheduledEventParameters: { Schedule: "* * * * * *", TimeZone: Asia/Shanghai } }]',
    /TimeZone: must be an offset/,
  ],
  [
    'hosted and scheduled',
    '[{ EventSourceName: tick, hostedSource: true, SourceScheduledEventParameters: { Schedule: "* * * * * *" } }]',
    /make two/,
  ],
])('a file is refused with %s', async (_, sources, message) => {
  await expect(emulator.restart(yaml(sources))).rejects.toThrow(message)
})

test.each<[what: string, code: string, parameters: object]>([
  ['no Schedule', 'ScheduledSourceParametersInvalid', parameters('')],
  ['five fields', 'ScheduledSourceParametersInvalid', parameters('* * * * *')],
  ['a zone by its name', 'ScheduledSourceParametersInvalid', parameters('* * * * * *', { TimeZone: 'Asia/Shanghai' })],
  ['an unknown parameter', 'JsonAttributeInvalid', parameters('* * * * * *', { Every: 1 })],
  ['UserData that is a number', 'JsonAttributeInvalid', parameters('* * * * * *', { UserData: 1 })],
  ['two kinds', 'EventSourceTypeInvalid', { ...parameters('* * * * * *'), SourceHttpEventParameters: {} }],
  ['another kind', 'EventSourceTypeInvalid', { SourceMNSParameters: { QueueName: 'q' } }],
])('%s: %s', async (_, code, fields) => {
  await expect(emulator.call('v2/createEventSource', { ...named('tick'), ...fields })).rejects.toMatchObject({ code })
  await emulator.clock.advance(HOUR)
  expect(await times()).toEqual([])
})

import fs from 'node:fs'
import path from 'node:path'
import EventBridgeSdk, { CloudEvent, Config } from '@alicloud/eventbridge'
import {
  type LocalEventBridge,
  manualClock,
  type PublishInput,
  type StartOptions,
  startEventBridge,
  type TargetEntry,
} from '../../../../emulator/main'
import type { ManualClock } from '../../../../emulator/standalone/manualClock'
import { functionTarget } from '../../../support/targetEntries'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const buses: LocalEventBridge[] = []
afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())))

async function start(options: StartOptions<ManualClock> = {}): Promise<LocalEventBridge<ManualClock>> {
  const bus = await startEventBridge({ clock: manualClock(), ...options })
  buses.push(bus)
  return bus as LocalEventBridge<ManualClock>
}

/** A rule for every event, and its handler. */
const everything = (handler: (event: { id: string; type: string }) => unknown) => ({
  rules: [{ pattern: {}, targets: 'handler' }],
  targets: { handler },
})

const holding = (one: object) => Object.assign(one, { self: one })

const boom = () => {
  throw new Error('boom')
}

test('an event of which nothing is given gets what it needs, and reaches the handler', async () => {
  const seen: unknown[] = []
  const bus = await start(everything((event) => seen.push(event)))
  const [published] = await bus.publish({ data: { a: 1 } })
  await bus.settled()
  expect(seen).toEqual([
    {
      ...{ specversion: '1.0', id: published?.eventId, source: 'my.source', type: 'my.type' },
      ...{ time: '2026-01-01T00:00:00.000Z', datacontenttype: 'application/json', data: { a: 1 } },
      ...{ aliyuneventbusname: 'default', aliyunaccountid: '123456789012', aliyunregionid: 'cn-hangzhou' },
      aliyunpublishtime: '2026-01-01T00:00:00.000Z',
    },
  ])
})

test.each<[string, unknown, string | undefined]>([
  ['a text', 'taken', 'taken'],
  ['an object', { rows: 1 }, '{"rows":1}'],
  ['a number', 7, '7'],
  ['nothing', undefined, undefined],
  ['a promise', Promise.resolve(['a']), '["a"]'],
  ['a bigint', { id: 12345678901234567890n }, '{"id":12345678901234567890}'],
])('what a handler returns is the answer: %s', async (_, returned, answer) => {
  const bus = await start(everything(() => returned))
  await bus.publish({})
  await bus.settled()
  expect(bus.deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, ...(answer && { answer }) }])
  expect(bus.deliveries()[0]?.answer).toBe(answer)
})

test.each<[string, () => object]>([
  ['an object that holds itself', () => holding({})],
  ['one that has no text either', () => holding(Object.create(null))],
  ['one that cannot be read', () => ({ toJSON: boom, toString: boom })],
])('%s is delivered all the same', async (_, returned) => {
  const bus = await start(everything(returned))
  await bus.publish({})
  await bus.settled()
  expect(bus.deliveries()[0]?.state).toBe('delivered')
})

const UNTOLD = 'what was thrown has no text'

// made by the handler: jest would look into it
test.each<[string, () => unknown, string]>([
  ['nothing', () => undefined, 'undefined'],
  ['null', () => null, 'null'],
  ['an empty text', () => '', 'the handler failed'],
  ['a symbol', () => Symbol('x'), 'Symbol(x)'],
  ['an error without a message', () => new Error(''), 'the handler failed'],
  ['an object without a prototype', () => Object.create(null), UNTOLD],
  ['a message that is no text', () => ({ message: Object.create(null) }), UNTOLD],
  ['a message that cannot be read', () => Object.defineProperty({}, 'message', { get: boom }), '[object Object]'],
  ['a proxy that throws', () => new Proxy({}, { has: boom, get: boom }), UNTOLD],
])('whatever a handler throws, the delivery has failed and is tried again: %s', async (_, makeThrown, error) => {
  const bus = await start(
    everything(() => {
      throw makeThrown()
    }),
  )
  await bus.publish({})
  await bus.settled()
  expect(bus.deliveries()).toMatchObject([{ state: 'pending', attempts: 1, error }])
})

test('a handler that throws is tried again by the clock, and the event ends in the queue', async () => {
  const attempts: number[] = []
  const bus = await start({
    rules: [{ name: 'failing', pattern: {}, targets: ['handler'], deadLetterQueue: 'dead' }],
    targets: {
      handler: (_, { attempt }) => {
        attempts.push(attempt)
        throw new Error('boom')
      },
    },
  })
  const [published] = await bus.publish({ type: 'x' })
  await bus.settled()
  expect(bus.deliveries()).toMatchObject([{ rule: 'failing', state: 'pending', attempts: 1, error: 'boom' }])
  await bus.clock.advance(60_000)
  expect(attempts).toEqual([1, 2, 3, 4])
  expect(bus.deliveries({ state: 'dead-lettered' })).toMatchObject([{ attempts: 4, error: 'boom' }])
  for (const queue of ['dead', 'acs:mns:cn-hangzhou:123456789012:/queues/dead', undefined]) {
    expect(bus.deadLetters(queue)).toMatchObject([{ rule: 'failing', event: { id: published?.eventId, type: 'x' } }])
  }
  expect(bus.deadLetters('other')).toEqual([])
})

test('a day of retries passes at once', async () => {
  let calls = 0
  const bus = await start({
    rules: [{ pattern: {}, targets: 'handler', retry: 'EXPONENTIAL_DECAY_RETRY' }],
    targets: { handler: () => (++calls > 170 ? 'at last' : boom()) },
  })
  await bus.publish({})
  await bus.clock.advance(86_400_000)
  expect(bus.deliveries()).toMatchObject([{ state: 'delivered', attempts: 171, answer: 'at last' }])
})

test('advance waits for handlers that take a while, so that no retry is late', async () => {
  const at: number[] = []
  const bus = await start({
    rules: [{ pattern: {}, targets: 'handler', retry: 'EXPONENTIAL_DECAY_RETRY' }],
    targets: {
      async handler() {
        await fs.promises.readdir(__dirname, { recursive: true })
        at.push(bus.clock.now() - Date.parse('2026-01-01T00:00:00Z'))
        throw new Error('boom')
      },
    },
  })
  await bus.publish({})
  await bus.clock.advance(15_000)
  expect(at).toEqual([0, 1_000, 3_000, 7_000, 15_000])
})

test('a handler that waits for the clock keeps neither the clock nor settled() waiting', async () => {
  const bus = await start({
    rules: [{ pattern: {}, targets: 'handler' }],
    targets: {
      async handler(_, { clock }) {
        await new Promise<void>((resolve) => clock.after(5_000, resolve))
        return 'slept'
      },
    },
  })
  await bus.publish({})
  await bus.settled()
  expect(bus.deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }])
  await bus.clock.advance(5_000)
  expect(bus.deliveries()).toMatchObject([{ state: 'delivered', answer: 'slept' }])
})

test('a retry that a handler has led to is not taken for what the handler waits for', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const bus: LocalEventBridge<ManualClock> = await start({
    rules: [
      { pattern: { type: ['first'] }, targets: 'first' },
      { pattern: { type: ['second'] }, targets: 'boom' },
    ],
    targets: {
      boom,
      async first() {
        await bus.publish({ type: 'second' })
        await held
      },
    },
  })
  await bus.publish({ type: 'first' })
  let isSettled = false
  const settled = bus.settled().then(() => {
    isSettled = true
  })
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(bus.deliveries({ target: 'boom' })).toMatchObject([{ state: 'pending', attempts: 1 }])
  expect(isSettled).toBe(false)
  release()
  await settled
  expect(bus.deliveries({ target: 'first' })).toMatchObject([{ state: 'delivered' }])
})

describe('settled() waits for what handlers publish in turn', () => {
  test.each([
    ['and wait for', true],
    ['and do not wait for', false],
  ])('a chain of a hundred, which they publish %s', async (_, awaits) => {
    const bus: LocalEventBridge = await start(
      everything(async ({ type }) => {
        const left = Number(type)
        if (left === 0) return
        const publishing = bus.publish({ type: String(left - 1) })
        if (awaits) await publishing
      }),
    )
    await bus.publish({ type: '100' })
    await bus.settled()
    expect(bus.deliveries({ state: 'delivered' })).toHaveLength(101)
  })

  test('buses that publish on each other: an event that would go round is refused', async () => {
    const toBus = (bus: string) => ({
      ...{ Id: bus, Type: 'acs.eventbridge' as const },
      Endpoint: `acs:eventbridge:cn-hangzhou:123456789012:eventbus/${bus}`,
      ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
    })
    const bus = await start({
      rules: [
        { bus: 'a', pattern: {}, targets: toBus('b') },
        { bus: 'b', pattern: {}, targets: toBus('a') },
      ],
    })
    await bus.publish({}, 'a')
    await bus.settled()
    expect(bus.deliveries()).toMatchObject([
      { bus: 'a', state: 'delivered' },
      { bus: 'b', state: 'pending', error: 'the event was on the bus a already and would go round in circles' },
    ])
  })

  test('an Async invocation is delivered before its handler has ended, and waited for', async () => {
    let isOver = false
    const target = functionTarget('later', {
      Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/later',
      ParamList: [
        { ResourceKey: 'InvocationType', Form: 'CONSTANT', Value: 'Async' },
        { ResourceKey: 'Body', Form: 'ORIGINAL' },
      ],
    })
    const bus = await start({
      rules: [{ pattern: {}, targets: target as TargetEntry }],
      targets: {
        async later() {
          await fs.promises.readdir(__dirname, { recursive: true })
          isOver = true
        },
      },
    })
    await bus.publish({})
    await bus.settled()
    expect(isOver).toBe(true)
  })

  test('nothing was published: it resolves', async () => {
    await expect((await start()).settled()).resolves.toBeUndefined()
  })

  test('a handler that would wait for itself is told so', async () => {
    const bus: LocalEventBridge = await start(everything(() => bus.settled()))
    await bus.publish({})
    await bus.settled()
    expect(bus.deliveries()[0]?.error).toMatch('settled() waits for handlers')
  })

  test('a handler may wait for another bus', async () => {
    const other = await start(everything(() => 'done'))
    const bus = await start(
      everything(async () => {
        await other.publish({})
        await other.settled()
        return other.deliveries()[0]?.answer
      }),
    )
    await bus.publish({})
    await bus.settled()
    expect(bus.deliveries()).toMatchObject([{ answer: 'done' }])
  })
})

describe('stop()', () => {
  const hanging = () => new Promise(() => {})

  test('settled() rejects when the bus is stopped meanwhile', async () => {
    const bus = await start(everything(hanging))
    await bus.publish({})
    const refused = expect(bus.settled()).rejects.toThrow('The event bus was stopped.')
    await bus.stop()
    await refused
  })

  test.each([1, 20, 1_000])('waits for the publishing under way, of %d events, and takes no more', async (count) => {
    const dir = path.join(folder, `published-${count}`)
    const bus = await start({ dir })
    const published = bus.publish(Array.from({ length: count }, () => ({})))
    await bus.stop()
    expect(await published).toHaveLength(count)
    expect((await start({ dir })).events()).toHaveLength(count)
  })

  test('tells a handler by its signal', async () => {
    const reasons: string[] = []
    const bus = await start({
      rules: [{ pattern: {}, targets: 'handler' }],
      targets: {
        handler: (_, { signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve(reasons.push('aborted')))),
      },
    })
    await bus.publish({})
    await bus.stop()
    expect(reasons).toEqual(['aborted'])
  })

  test('a handler may ask for it, and twice is as good as once', async () => {
    let stopped: Promise<void> | undefined
    const bus: LocalEventBridge = await start(
      everything(() => {
        stopped = bus.stop()
        return stopped
      }),
    )
    await bus.publish({})
    while (stopped === undefined) await new Promise((resolve) => setImmediate(resolve))
    await stopped
    await bus.stop()
  })

  test.each<[string, (bus: LocalEventBridge) => unknown]>([
    ['publish', (bus) => bus.publish({})],
    ['settled', (bus) => bus.settled()],
    ['deliveries', async (bus) => bus.deliveries()],
    ['exportState', async (bus) => bus.exportState()],
  ])('after it %s says that it is stopped', async (_, use) => {
    const bus = await start()
    await bus.stop()
    await expect(use(bus)).rejects.toThrow('The event bus is stopped.')
  })
})

test('why a rule did not match is told with the event', async () => {
  const bus = await start({
    rules: [
      { name: 'by-type', pattern: { type: ['a'] }, targets: 'handler' },
      { name: 'by-data', pattern: { data: { state: ['on'] } }, targets: 'handler' },
      { name: 'off', enabled: false, pattern: {}, targets: 'handler' },
    ],
    targets: { handler: () => {} },
  })
  await bus.publish({ type: 'b', data: { state: 'off' } })
  expect(bus.events()).toMatchObject([
    {
      ...{ bus: 'default', state: 'unmatched', event: { type: 'b' }, deliveries: [] },
      mismatches: [
        { rule: 'by-data', why: 'data.state does not match ["on"]' },
        { rule: 'by-type', why: 'type does not match ["a"]' },
        { rule: 'off', why: 'the rule is disabled' },
      ],
    },
  ])
})

test.each<[string, PublishInput, string]>([
  ['a source', { source: '' }, 'EventSourceInvalid: The event source is invalid'],
  ['a type', { type: 'x'.repeat(65) }, 'EventTypeInvalid: The event type is invalid'],
  ['an id', { id: 'with blank' }, 'EventInvalid: The event id is invalid'],
  ['a time', { time: 'yesterday' }, 'EventInvalid: The event time is invalid'],
  ['an extension', { myExtension: 1 }, 'EventExtensionsAttributeInvalid: The extensions attribute is invalid'],
  ['a bus', { aliyuneventbusname: 'none' }, 'EventBusNotExist: The event bus [none] not existed!'],
])('%s that EventBridge would refuse is refused in its words, and nothing is published', async (_, event, reason) => {
  const bus = await start()
  await expect(bus.publish(event)).rejects.toThrow(reason)
  await expect(bus.publish([{}, event])).rejects.toThrow(`events[1]: ${reason}`)
  expect(bus.events()).toEqual([])
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'x'],
  ['a number', 5],
  ['a list in a list', [[{}]]],
])('%s is no event', async (_, event) => {
  const bus = await start()
  await expect(bus.publish(event as PublishInput)).rejects.toThrow('An event is an object')
  expect(bus.events()).toEqual([])
})

test('more events than a batch holds, on several buses, are published in their order', async () => {
  const bus = await start({
    rules: [{ bus: 'other', pattern: {}, targets: 'handler' }],
    targets: { handler: () => {} },
  })
  const events = Array.from({ length: 50 }, (_, at) => ({
    id: `e${at}`,
    ...(at > 30 && { aliyuneventbusname: 'default' }),
  }))
  const ids = await bus.publish(events)
  expect(ids.map(({ eventId }) => eventId)).toEqual(events.map(({ id }) => id))
  await bus.settled()
  expect(bus.deliveries({ bus: 'other' })).toHaveLength(31)
  expect(bus.events().map(({ event }) => event.id)).toEqual(events.map(({ id }) => id))
})

test.each<[string, StartOptions, string]>([
  [
    'an operator that is none',
    { rules: [{ pattern: { data: { a: [{ prefx: 'x' }] } }, targets: 'h' }], targets: { h: boom } },
    'rules[0].pattern: data.a[0]: unknown operator "prefx"',
  ],
  [
    'no target',
    { rules: [{ pattern: {}, targets: [] }], targets: { h: boom } },
    'rules[0].targets: names no target: targets has h',
  ],
  [
    'a target that is no handler',
    { rules: [{ pattern: {}, targets: ['employes'] }], targets: { employees: boom } },
    'rules[0].targets[0]: employes is no handler of targets: is employees meant?',
  ],
  [
    'no pattern',
    { rules: [{ targets: 'h' } as never], targets: { h: boom } },
    'rules[0].pattern: is missing; {} takes every event of the bus',
  ],
  [
    'a key that is none',
    { rules: [{ patern: {}, pattern: {}, targets: 'h' } as never], targets: { h: boom } },
    'rules[0].patern: is not known here: is pattern meant?',
  ],
  [
    'a name that is none',
    { rules: [{ name: 'a b', pattern: {}, targets: 'h' }], targets: { h: boom } },
    'rules[0].name: must be 1 to 127 letters, digits or hyphens',
  ],
  [
    'a name that comes twice',
    { rules: [1, 2].map(() => ({ name: 'a', pattern: {}, targets: 'h' })), targets: { h: boom } },
    'rules[1].name: the bus default has a rule a already',
  ],
  [
    'a target entry that lacks something',
    { rules: [{ pattern: {}, targets: { Id: 'x', Type: 'http' } as never }] },
    'rules[0].targets: Endpoint:',
  ],
  [
    'a retry strategy that is none',
    { rules: [{ pattern: {}, targets: 'h', retry: 'NEVER' as never }], targets: { h: boom } },
    'rules[0].retry: must be BACKOFF_RETRY or EXPONENTIAL_DECAY_RETRY',
  ],
  [
    'enabled that is a text',
    { rules: [{ pattern: {}, targets: 'h', enabled: 'no' as never }], targets: { h: boom } },
    'rules[0].enabled: must be true or false',
  ],
  [
    'a queue that is a number',
    { rules: [{ pattern: {}, targets: 'h', deadLetterQueue: 5 as never }], targets: { h: boom } },
    'rules[0].deadLetterQueue: must be the name of a queue, or an ARN',
  ],
  [
    'a name that is a number',
    { rules: [{ pattern: {}, targets: 'h', name: 5 as never }], targets: { h: boom } },
    'rules[0].name: must be 1 to 127 letters, digits or hyphens',
  ],
  ['an option that is none', { targts: {} } as never, 'targts: is not known here: is targets meant?'],
  ['no options', null as never, 'startEventBridge takes an object of options'],
  ['a rule that is in no list', { rules: { pattern: {} } as never }, 'rules: must be a list of rules'],
  ['a handler that is a text', { targets: { h: 'x' as never } }, 'targets.h: must be a function'],
  ['a port that is a text', { port: '8080x' as never }, 'port: must be a number from 0 to 65535'],
  ['a port that is too high', { port: 70_000 }, 'port: must be a number from 0 to 65535'],
  ['a folder without a name', { dir: '' }, 'dir: must be the path of a folder'],
  ['a clock that is none', { clock: {} as never }, 'clock: must be manualClock(), or have now() and after()'],
  ['a config that is a number', { config: 5 as never }, 'config: must be the path of an eventbridge.yaml, or { text }'],
  ['a seed that is none', { seed: null as never }, 'seed: must be the path of a file of events, or a list of events'],
  ['an event of a seed that is none', { seed: [5 as never] }, 'An event is an object'],
  [
    'an errors tolerance that is none',
    { rules: [{ pattern: {}, targets: 'h', errorsTolerance: 'SOME' as never }], targets: { h: boom } },
    'rules[0].targets: ErrorsTolerance: must be ALL or NONE',
  ],
  ['a config that is not there', { config: '/nowhere/eventbridge.yaml' }, '/nowhere/eventbridge.yaml cannot be read'],
  [
    'a config that is wrong',
    { config: { text: 'EventBusName: a\nRules: [{ RuleName: r, Targets: [], FilterPattern: { a: [1] } }]\n' } },
    'config:2:37 Rules.0.FilterPattern: a: cannot be filtered by',
  ],
])('%s is refused with its place', async (_, options, reason) => {
  const refused = expect(startEventBridge(options && { clock: manualClock(), ...options })).rejects
  await refused.toThrow(expect.objectContaining({ name: 'UserError', message: expect.stringContaining(reason) }))
})

test('a file and rules beside it: a function of the file is the handler of its name', async () => {
  const seen: string[] = []
  const bus = await start({
    config: {
      text: `
EventBusName: first
Rules:
  - RuleName: r
    FilterPattern: { type: [a] }
    Targets:
      - { Id: t, Type: acs.fc.function, Endpoint: "acs:fc:\${region}:\${account}:functions/employees", ParamList: [{ ResourceKey: Body, Form: ORIGINAL }] }
`,
    },
    rules: [{ bus: 'first', pattern: { type: ['b'] }, targets: 'beside' }],
    targets: { employees: () => seen.push('employees'), beside: () => seen.push('beside') },
  })
  await bus.publish([{ type: 'a' }, { type: 'b' }])
  await bus.settled()
  expect(seen.sort()).toEqual(['beside', 'employees'])
})

test('in a folder it is there at the next start', async () => {
  const dir = path.join(folder, 'kept')
  const options = { dir, ...everything(() => 'done') }
  const first = await start(options)
  await first.publish({ id: 'kept' })
  await first.settled()
  await first.stop()
  const again = await start(options)
  expect(again.deliveries()).toMatchObject([{ event: { id: 'kept' }, answer: 'done' }])
})

test('a folder has one bus at a time', async () => {
  const dir = path.join(folder, 'locked')
  const first = await start({ dir })
  await expect(start({ dir })).rejects.toThrow(`Another EventBridge (process ${process.pid}) runs in ${dir}.`)
  await first.stop()
  await start({ dir })
})

test('with a port the official SDK finds it', async () => {
  const seen: string[] = []
  const bus = await start({ ...everything(({ id }) => seen.push(id)), port: 0 })
  const config = new Config({ ...bus.credentials, endpoint: bus.endpoint })
  const event = { id: 'sdk', source: 's', type: 't', data: Buffer.from('1'), datacontenttype: 'application/json' }
  const extensions = { aliyuneventbusname: 'default' }
  const { failedEntryCount } = await new EventBridgeSdk(config).putEvents([new CloudEvent({ ...event, extensions })])
  await bus.settled()
  expect([failedEntryCount, seen]).toEqual([0, ['sdk']])
})

test('fake timers of the test runner keep nothing waiting', async () => {
  jest.useFakeTimers()
  try {
    const bus = await startEventBridge({
      rules: [{ pattern: {}, targets: 'ship' }],
      targets: { ship: () => 'done' },
      clock: manualClock(),
    })
    await bus.publish({ type: 'order.paid' })
    await bus.settled()
    await bus.clock.advance(60_000)
    expect(bus.deliveries()).toMatchObject([{ state: 'delivered', answer: 'done' }])
    await bus.stop()
  } finally {
    jest.useRealTimers()
  }
})

test('a variable that has no value is told with where this takes them from', async () => {
  const text = `EventBusName: default
Rules:
  - RuleName: robot
    FilterPattern: {}
    Targets: [{ Id: t, Type: http, Endpoint: '\${HOOK}', ParamList: [{ ResourceKey: Body, Form: ORIGINAL }] }]
`
  await expect(startEventBridge({ config: { text } })).rejects.toThrow(
    '${HOOK} has no value: set HOOK in the option variables, or the rule that needs it to Status: DISABLE',
  )
})

test('what a target puts into a queue is read there, by name or by ARN, also while somebody has received it', async () => {
  const Endpoint = 'acs:mns:cn-hangzhou:123456789012:queues/audit'
  const ParamList = [
    { ResourceKey: 'queue', Form: 'CONSTANT', Value: 'audit' },
    { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.order' },
  ]
  const bus = await startEventBridge({
    rules: [{ pattern: {}, targets: [{ Id: 'audit', Type: 'acs.mns.queue', Endpoint, ParamList }] }],
  })
  await bus.publish([{ data: { order: 'a' } }, { data: { order: 'b' } }])
  await bus.settled()
  expect(bus.messages('audit').toSorted()).toEqual(['a', 'b'])
  expect(bus.messages(Endpoint)).toHaveLength(2)
  expect(bus.messages('other')).toEqual([])
  await bus.stop()
})

test('a month of a turned clock is a few looks at it, with a schedule too, whose events come at their moments', async () => {
  const text = `EventBusName: default
EventSources:
  - EventSourceName: monthly
    SourceScheduledEventParameters: { Schedule: '0 0 9 1 * ?', TimeZone: 'GMT+8:00' }
Rules: []
`
  const bus = await startEventBridge({ config: { text }, clock: manualClock() })
  await bus.clock.advance(2 * 3_600_000)
  expect(bus.clock.next()).toBeGreaterThan(600_000)
  await bus.clock.advance(30 * 86_400_000 + 23 * 3_600_000)
  // nothing is forgotten for its age
  expect(bus.events().map(({ event }) => event.time)).toEqual(['2026-01-01T01:00:00Z', '2026-02-01T01:00:00Z'])
  await bus.stop()
})

import path from 'node:path'
import type { EventBus } from '../../../emulator/config/resources'
import { createDispatcher, type InvokeFunction } from '../../../emulator/delivery/dispatcher'
import type { RetryStrategy } from '../../../emulator/delivery/retrySchedule'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import { openStore } from '../../../emulator/store/store'
import { type ManualClock, manualClock } from '../../support/manualClock'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
let files = 0
let clock: ManualClock
let storeFile: string
const SECOND = 1_000

beforeEach(() => {
  clock = manualClock()
  storeFile = path.join(folder, `${++files}.db`)
})

function busWith(retryStrategy: RetryStrategy): EventBus {
  const target = { id: 'target', functionName: 'employees', retryStrategy, transform: (text: string) => text }
  return { name: 'bus', rules: [{ name: 'rule', pattern: compilePattern({}), targets: [target] }] }
}

function setUp(invoke: InvokeFunction, retryStrategy: RetryStrategy = 'EXPONENTIAL_DECAY_RETRY', concurrency = 10) {
  const store = openStore(storeFile)
  const buses = new Map([['bus', busWith(retryStrategy)]])
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const dispatcher = createDispatcher({ store, buses, invoke, clock, random: () => 0.5, concurrency, log })
  const accept = (...ids: string[]) => {
    store.accept(
      ids.map((id) => ({
        bus: 'bus',
        id,
        source: 's',
        type: 't',
        traceId: 'trace',
        receivedAt: clock.now(),
        json: `{"id":"${id}"}`,
        deliveries: [{ rule: 'rule', target: 'target' }],
      })),
    )
    dispatcher.wake()
  }
  const states = () =>
    store.recent(100).map(({ id, deliveries }) => [id, deliveries[0]?.state, deliveries[0]?.attempts])
  const close = async () => {
    await dispatcher.stop()
    store.close()
  }
  return { accept, states, dispatcher, store, lines, close }
}

test('an event is delivered at once, as it is', async () => {
  const delivered: string[] = []
  const { accept, states, close } = setUp(async (name, payload) => {
    delivered.push(`${name} ${payload}`)
    return undefined
  })
  accept('a')
  await clock.advance(0)
  expect(delivered).toEqual(['employees {"id":"a"}'])
  expect(states()).toEqual([['a', 'delivered', 1]])
  await close()
})

test.each<[RetryStrategy, number, number]>([
  ['BACKOFF_RETRY', 4, 3 * 15 * SECOND],
  ['EXPONENTIAL_DECAY_RETRY', 177, 86_015 * SECOND],
])('%s: %i attempts, the last after %i ms, then it is dead', async (strategy, attempts, lastAfter) => {
  const times: number[] = []
  const start = clock.now()
  const { accept, states, close } = setUp(async () => {
    times.push(clock.now() - start)
    return 'HandledInvocationError: database down'
  }, strategy)
  accept('a')
  await clock.advance(2 * 86_400 * SECOND)
  expect(times).toHaveLength(attempts)
  expect(times.at(-1)).toBe(lastAfter)
  expect(states()).toEqual([['a', 'dead', attempts]])
  await close()
})

test('a failure is retried until it succeeds, and its reason is kept meanwhile', async () => {
  let down = true
  const { accept, states, store, close } = setUp(() =>
    down ? Promise.reject(new Error('the database is down')) : Promise.resolve(undefined),
  )
  accept('a')
  await clock.advance(3 * SECOND)
  expect(states()).toEqual([['a', 'pending', 3]])
  expect(store.recent(1)[0]?.deliveries[0]?.error).toBe('the database is down')
  down = false
  await clock.advance(4 * SECOND)
  expect(states()).toEqual([['a', 'delivered', 4]])
  await close()
})

test('no more deliveries are under way than allowed, and the rest follows', async () => {
  let underWay = 0
  let most = 0
  const waiting: (() => void)[] = []
  const { accept, states, close } = setUp(
    async () => {
      most = Math.max(most, ++underWay)
      await new Promise<void>((resolve) => waiting.push(resolve))
      underWay--
      return undefined
    },
    'BACKOFF_RETRY',
    2,
  )
  accept('a', 'b', 'c', 'd', 'e')
  for (let round = 0; round < 5; round++) {
    await clock.advance(0)
    waiting.shift()?.()
  }
  await clock.advance(0)
  expect(most).toBe(2)
  expect(states().map(([, state]) => state)).toEqual(Array.from({ length: 5 }, () => 'delivered'))
  await close()
})

test('what was pending is delivered by the next process', async () => {
  const first = setUp(async () => 'down')
  first.accept('a')
  await clock.advance(SECOND)
  expect(first.states()).toEqual([['a', 'pending', 2]])
  await first.close()

  const second = setUp(async () => undefined)
  second.dispatcher.wake()
  await clock.advance(10 * SECOND)
  expect(second.states()).toEqual([['a', 'delivered', 3]])
  await second.close()
})

test('stop waits for a delivery under way and begins no other', async () => {
  let finish = () => {}
  let started = 0
  const { accept, dispatcher, states, store } = setUp(async () => {
    started++
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return undefined
  })
  accept('a')
  await clock.advance(0)
  const stopped = dispatcher.stop()
  accept('b')
  finish()
  await stopped
  expect(started).toBe(1)
  expect(states()).toEqual([
    ['b', 'pending', 0],
    ['a', 'delivered', 1],
  ])
  store.close()
})

test('a target that is gone from the rules is given up', async () => {
  const first = setUp(async () => 'down')
  first.accept('a')
  await clock.advance(0)
  await first.close()

  const store = openStore(storeFile)
  const buses = new Map([['bus', { name: 'bus', rules: [] }]])
  const dispatcher = createDispatcher({
    store,
    buses,
    invoke: async () => undefined,
    clock,
    random: () => 0,
    concurrency: 1,
    log() {},
  })
  dispatcher.wake()
  await clock.advance(10 * SECOND)
  expect(store.recent(1)[0]?.deliveries[0]).toMatchObject({
    state: 'dead',
    error: 'the rule has no such target any more',
  })
  store.close()
})

test('a target that hangs holds up no other, however much waits for it', async () => {
  const store = openStore(storeFile)
  const target = (id: string) => ({
    id,
    functionName: id,
    retryStrategy: 'BACKOFF_RETRY' as const,
    transform: (text: string) => text,
  })
  const rules = [{ name: 'rule', pattern: compilePattern({}), targets: [target('slow'), target('fast')] }]
  const delivered: string[] = []
  let hanging = 0
  const dispatcher = createDispatcher({
    store,
    buses: new Map([['bus', { name: 'bus', rules }]]),
    async invoke(name, payload) {
      if (name === 'slow') hanging++
      if (name === 'slow') await new Promise(() => {})
      delivered.push(payload)
      return undefined
    },
    clock,
    random: () => 0,
    concurrency: 2,
    log() {},
  })
  const accept = (id: string) => {
    const [deliveries, receivedAt] = [['slow', 'fast'].map((name) => ({ rule: 'rule', target: name })), clock.now()]
    store.accept([{ bus: 'bus', id, source: 's', type: 't', traceId: 'x', receivedAt, json: id, deliveries }])
    dispatcher.wake()
  }
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    accept(id)
    await clock.advance(0)
  }
  expect(delivered).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(hanging).toBe(2)
  store.close()
})

describe('a store that fails, as on a full disk', () => {
  test.each(['record', 'due'] as const)('%s: said once, tried every second, delivered in the end', async (method) => {
    const { accept, states, store, lines, close } = setUp(async () => undefined)
    const works = store[method]
    const fails = () => {
      throw new Error('database or disk is full')
    }
    Object.assign(store, { [method]: fails })
    accept('a')
    await clock.advance(2.5 * SECOND)
    expect(lines).toEqual([
      'The event store fails (database or disk is full). Deliveries wait; it is tried every second.',
    ])
    Object.assign(store, { [method]: works })
    await clock.advance(0.4 * SECOND)
    expect(states()).toEqual([['a', 'pending', 0]])
    await clock.advance(0.1 * SECOND)
    expect(states()).toEqual([['a', 'delivered', 1]])

    // another outage is another line
    Object.assign(store, { [method]: fails })
    accept('b')
    await clock.advance(0)
    Object.assign(store, { [method]: works })
    expect(lines).toHaveLength(2)
    await close()
  })
})

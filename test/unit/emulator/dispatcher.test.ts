import path from 'node:path'
import { createDispatcher } from '../../../emulator/delivery/dispatcher'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import type { EventBus, Rule } from '../../../emulator/resources/compiledBuses'
import { followClock } from '../../../emulator/store/followClock'
import { openStore } from '../../../emulator/store/store'
import { createStoreHealth } from '../../../emulator/store/storeHealth'
import type { RetryStrategy } from '../../../emulator/targets/retrySchedule'
import type { Target } from '../../../emulator/targets/target'
import { type ManualClock, manualClock } from '../../support/manualClock'
import { acceptedEvent, tracesOf, waitForDisk } from '../../support/store'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
let files = 0
let clock: ManualClock
let storeFile: string
const SECOND = 1_000
const DAY = 86_400 * SECOND

beforeEach(() => {
  clock = manualClock()
  storeFile = path.join(folder, `${++files}.db`)
})

const target = (fields: Partial<Target>): Target => ({
  id: 'target',
  retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
  errorsTolerance: 'ALL',
  deliver: async () => ({}),
  ...fields,
})

const failing = async () => ({ error: 'HandledInvocationError: database down' })

/** The emulator's delivery on the test's store, with one rule that has these targets. */
function setUp(targets: Target[], concurrency = 10) {
  const rule = { name: 'rule', enabled: true, pattern: compilePattern({}), targets }
  const buses = new Map<string, EventBus>([['bus', { name: 'bus', rules: [rule] }]])
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const health = createStoreHealth(log)
  const store = openStore(storeFile, undefined, undefined, health)
  waitForDisk(clock, () => store)
  const timesSet = followClock(clock, store)
  const dispatcher = createDispatcher({ store, buses, clock, random: () => 0.5, concurrency, health, timesSet })
  const accept = async (...ids: string[]) => {
    const deliveries = targets.map(({ id }) => ({ rule: 'rule', target: id }))
    await store.accept(ids.map((id) => acceptedEvent({ id, deliveries, receivedAt: clock.now() })))
    dispatcher.wake()
  }
  /** of each event, in the order of arrival, and each of its deliveries */
  const states = () =>
    tracesOf(store).map(({ id, deliveries }) =>
      [id, ...deliveries.map(({ state, attempts }) => `${state} ${attempts}`)].join(': '),
    )
  const close = async () => {
    await dispatcher.stop()
    store.close()
  }
  return { accept, states, dispatcher, store, rule, buses, lines, close }
}

test('an event is delivered at once, as it is, and the answer is kept, shortened', async () => {
  const delivered: string[] = []
  const { accept, states, store, close } = setUp([
    target({
      async deliver(eventText) {
        delivered.push(eventText)
        return { answer: 'x'.repeat(5_000) }
      },
    }),
  ])
  await accept('a')
  await clock.advance(0)
  expect(delivered).toEqual(['{"id":"a"}'])
  expect(states()).toEqual(['a: delivered 1'])
  expect(store.traces.find(1)?.deliveries[0]?.tries).toEqual([
    { number: 1, startedAt: clock.now(), ms: 0, error: null, answer: 'x'.repeat(1_000) },
  ])
  await close()
})

test('what its target sets aside is over, and no success; it holds up nothing that comes in order', async () => {
  const { accept, states, store, close } = setUp([
    target({ errorsTolerance: 'NONE', deliver: async (text) => ({ isSetAside: text === '{"id":"a"}' }) }),
  ])
  await accept('a', 'b')
  await clock.advance(0)
  expect(states()).toEqual(['a: set-aside 1', 'b: delivered 1'])
  expect(store.traces.count({})).toEqual({ 'set-aside': 1, delivered: 1 })
  await close()
})

test.each<[RetryStrategy, number, number]>([
  ['BACKOFF_RETRY', 4, 3 * 15 * SECOND],
  ['EXPONENTIAL_DECAY_RETRY', 177, 86_015 * SECOND],
])('%s: %i attempts, the last after %i ms, then it is given up', async (retryStrategy, attempts, lastAfter) => {
  const times: number[] = []
  const start = clock.now()
  const deliver = () => {
    times.push(clock.now() - start)
    return failing()
  }
  const { accept, states, close } = setUp([target({ retryStrategy, deliver })])
  await accept('a')
  await clock.advance(2 * DAY)
  expect(times).toHaveLength(attempts)
  expect(times.at(-1)).toBe(lastAfter)
  expect(states()).toEqual([`a: dropped ${attempts}`])
  await close()
})

test('a failure is retried until it succeeds, and its reason is kept meanwhile', async () => {
  let down = true
  const { accept, states, store, close } = setUp([
    target({ deliver: () => (down ? Promise.reject(new Error('the database is down')) : Promise.resolve({})) }),
  ])
  await accept('a')
  await clock.advance(3 * SECOND)
  expect(states()).toEqual(['a: pending 3'])
  expect(store.traces.find(1)?.deliveries[0]?.error).toBe('the database is down')
  down = false
  await clock.advance(4 * SECOND)
  expect(states()).toEqual(['a: delivered 4'])
  await close()
})

describe('after the last retry', () => {
  const queue = 'acs:mns:cn-hangzhou:123456789012:/queues/dead'
  const bus = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dead'
  const error = 'HandledInvocationError: database down'
  const published: string[] = []
  const publishDeadLetter = async (eventText: string) => {
    published.push(eventText)
    return {}
  }

  test.each<[string, Partial<Target>, state: string, reason: string, queues: string[], published: string[]]>([
    ['ALL without a queue: the event is dropped', {}, 'dropped', error, [], []],
    ['ALL with a queue: it is in the queue', { deadLetterQueue: queue }, 'dead-lettered', error, [queue], []],
    [
      'ALL with a bus: it is published there',
      { deadLetterQueue: bus, publishDeadLetter },
      'dead-lettered',
      error,
      [],
      ['{"id":"a"}'],
    ],
    [
      'ALL with a bus that refuses it: it is kept under its name',
      { deadLetterQueue: bus, publishDeadLetter: async () => ({ error: 'EventBusNotExist' }) },
      'dead-lettered',
      `${error}; its dead-letter bus: EventBusNotExist`,
      [bus],
      [],
    ],
    [
      'ALL with a bus that fails: the same',
      { deadLetterQueue: bus, publishDeadLetter: () => Promise.reject(new Error('the disk is full')) },
      'dead-lettered',
      `${error}; its dead-letter bus: the disk is full`,
      [bus],
      [],
    ],
    ['NONE: it blocks', { errorsTolerance: 'NONE' }, 'blocked', error, [], []],
    ['NONE with a queue: it blocks', { errorsTolerance: 'NONE', deadLetterQueue: queue }, 'blocked', error, [], []],
  ])('%s', async (_, fields, state, reason, queues, onBus) => {
    published.length = 0
    const { accept, store, close } = setUp([target({ retryStrategy: 'BACKOFF_RETRY', deliver: failing, ...fields })])
    await accept('a')
    await clock.advance(44 * SECOND)
    expect(store.traces.find(1)?.deliveries).toMatchObject([{ state: 'pending', attempts: 3 }])
    await clock.advance(SECOND)
    expect(store.traces.find(1)?.deliveries).toMatchObject([{ state, attempts: 4, error: reason }])
    expect(store.traces.find(1)?.deadLetters.map((letter) => letter.queue)).toEqual(queues)
    expect(published).toEqual(onBus)
    await close()
  })
})

describe('ErrorsTolerance NONE', () => {
  /** refuses an event while it is in `refused` */
  function inOrder(refused: Set<string>, delivered: string[]): Target {
    return target({
      retryStrategy: 'BACKOFF_RETRY',
      errorsTolerance: 'NONE',
      concurrency: 5,
      async deliver(eventText) {
        const { id } = JSON.parse(eventText) as { id: string }
        if (refused.has(id)) return { error: 'refused' }
        delivered.push(id)
        return {}
      },
    })
  }

  test('delivers in order of arrival: what fails holds up what came later', async () => {
    const delivered: string[] = []
    const refused = new Set(['b'])
    const { accept, states, close } = setUp([inOrder(refused, delivered)])
    await accept('a', 'b', 'c')
    await clock.advance(5 * SECOND)
    await accept('d')
    await clock.advance(5 * SECOND)
    expect(states()).toEqual(['a: delivered 1', 'b: pending 1', 'c: pending 0', 'd: pending 0'])
    refused.clear()
    await clock.advance(5 * SECOND)
    expect(delivered).toEqual(['a', 'b', 'c', 'd'])
    await close()
  })

  test('is blocked after the last retry, until it is unblocked; other targets go on; a restart changes nothing', async () => {
    const delivered: string[] = []
    const others: string[] = []
    const refused = new Set(['a'])
    const other = target({
      id: 'zother',
      async deliver(eventText) {
        others.push(eventText)
        return {}
      },
    })
    const first = setUp([inOrder(refused, delivered), other])
    await first.accept('a', 'b')
    await clock.advance(DAY)
    await first.accept('c')
    await clock.advance(DAY)
    const blocked = ['a: blocked 4: delivered 1', 'b: pending 0: delivered 1', 'c: pending 0: delivered 1']
    expect(first.states()).toEqual(blocked)
    expect(first.store.blockedLanes()).toEqual([{ bus: 'bus', rule: 'rule', target: 'target' }])
    expect(others).toHaveLength(3)
    await first.close()

    const { dispatcher, store, states, close } = setUp([inOrder(refused, delivered), other])
    dispatcher.wake()
    await clock.advance(DAY)
    expect(states()).toEqual(blocked)

    // unblocked too early: it has all its retries again
    await store.unblock({ bus: 'bus', rule: 'rule' }, clock.now())
    dispatcher.wake()
    await clock.advance(44 * SECOND)
    expect(states()).toEqual(['a: pending 3: delivered 1', ...blocked.slice(1)])
    await clock.advance(SECOND)
    expect(states()).toEqual(blocked)

    refused.clear()
    await store.unblock({ bus: 'bus', rule: 'rule' }, clock.now())
    dispatcher.wake()
    await clock.advance(0)
    expect(delivered).toEqual(['a', 'b', 'c'])
    await close()
  })
})

test.each<[string, (rule: Rule, buses: Map<string, EventBus>) => void]>([
  ['target', (rule) => Object.assign(rule, { targets: [] })],
  ['rule', (_, buses) => buses.set('bus', { name: 'bus', rules: [] })],
  ['bus', (_, buses) => buses.delete('bus')],
])('a blocked target whose %s is removed blocks nothing: what is for it is dropped', async (_, remove) => {
  const blocking = target({ errorsTolerance: 'NONE', retryStrategy: 'BACKOFF_RETRY', deliver: failing })
  const { accept, states, rule, buses, dispatcher, close } = setUp([blocking])
  await accept('a', 'b')
  await clock.advance(DAY)
  expect(states()).toEqual(['a: blocked 4', 'b: pending 0'])
  remove(rule, buses)
  dispatcher.wake()
  await clock.advance(SECOND)
  expect(states()).toEqual(['a: dropped 1', 'b: dropped 1'])
  await close()
})

test('a target that is removed during its last try blocks nothing', async () => {
  let finish = (_: object) => {}
  let tries = 0
  const deliver = async () => {
    tries++
    return tries < 4
      ? { error: 'down' }
      : new Promise<object>((resolve) => {
          finish = resolve
        })
  }
  const blocking = target({ errorsTolerance: 'NONE', retryStrategy: 'BACKOFF_RETRY', deliver })
  const { accept, states, rule, dispatcher, close } = setUp([blocking])
  await accept('a', 'b')
  await clock.advance(DAY)
  expect(tries).toBe(4)
  rule.targets = []
  dispatcher.wake()
  await clock.advance(SECOND)
  finish({ error: 'down' })
  await clock.advance(SECOND)
  expect(states()).toEqual(['a: dropped 1', 'b: dropped 1'])
  await close()
})

describe('a target that is changed to ErrorsTolerance NONE', () => {
  /** Its delivery of `slow` is under way until it is told to finish; that of `a` fails. */
  function setUpChange(slow: string) {
    const delivered: string[] = []
    const down = new Set(['a'])
    let finish = () => {}
    const all = target({
      concurrency: 1,
      async deliver(text) {
        const { id } = JSON.parse(text) as { id: string }
        delivered.push(id)
        if (id === slow) await new Promise<void>((resolve) => (finish = resolve))
        return down.has(id) ? { error: 'down' } : {}
      },
    })
    const given = setUp([all])
    const change = () => {
      given.rule.targets = [{ ...all, errorsTolerance: 'NONE' }]
      given.dispatcher.wake()
    }
    return { ...given, delivered, down, change, finish: () => finish() }
  }

  test('has what failed before what came later, also where that was read ahead', async () => {
    const { accept, delivered, down, change, finish, close } = setUpChange('b')
    await accept('a')
    await clock.advance(0)
    await accept('b', 'c', 'd')
    await clock.advance(0)
    expect(delivered).toEqual(['a', 'b'])
    change()
    finish()
    down.clear()
    await clock.advance(0)
    expect(delivered).toEqual(['a', 'b'])
    await clock.advance(SECOND)
    expect(delivered).toEqual(['a', 'b', 'a', 'c', 'd'])
    await close()
  })

  test('waits for what is not yet noted', async () => {
    const { accept, delivered, change, finish, states, close } = setUpChange('a')
    await accept('a', 'c')
    await clock.advance(0)
    change()
    finish()
    await clock.advance(0)
    expect(delivered).toEqual(['a'])
    expect(states()).toEqual(['a: pending 1', 'c: pending 0'])
    await close()
  })
})

describe('a target that takes lists', () => {
  const queue = 'acs:mns:cn-hangzhou:123456789012:/queues/dead'
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`)

  /** fails on each list that has one of these */
  function setUpLists(bad: readonly string[], fields: Partial<Target> = {}) {
    const lists: string[][] = []
    const take = async (texts: readonly string[]) => {
      const ids = texts.map((text) => (JSON.parse(text) as { id: string }).id)
      lists.push(ids)
      return ids.some((id) => bad.includes(id)) ? { error: 'refused' } : {}
    }
    const taking = target({ deliver: (text) => take([text]), list: { most: 100, deliver: take }, ...fields })
    return { ...setUp([taking]), lists }
  }

  test('has what waits in lists of at most so many, each once and in order', async () => {
    const { accept, lists, states, close } = setUpLists([], { concurrency: 1 })
    const ids = numbered(450)
    await accept(...ids)
    await clock.advance(0)
    expect(lists.flat()).toEqual(ids)
    expect(Math.max(...lists.map((list) => list.length))).toBe(100)
    expect(lists.length).toBeLessThan(10)
    expect(states()).toEqual(ids.map((id) => `${id}: delivered 1`))
    await close()
  })

  test('gets what was in a list that failed one by one: only what it fails on is a dead letter', async () => {
    const strategy = { retryStrategy: 'BACKOFF_RETRY', deadLetterQueue: queue } as const
    const { accept, lists, states, store, close } = setUpLists(['e3', 'e7'], strategy)
    await accept(...numbered(10))
    await clock.advance(DAY)
    expect(lists[0]).toHaveLength(10)
    expect(lists.slice(1).every((list) => list.length === 1)).toBe(true)
    const letters = store.deadLetters.list().map(({ json }) => json)
    expect(letters).toEqual(['{"id":"e3"}', '{"id":"e7"}'])
    expect(states()).toEqual(
      numbered(10).map((id) => (['e3', 'e7'].includes(id) ? `${id}: dead-lettered 4` : `${id}: delivered 2`)),
    )
    await close()
  })

  test('has as many lists under way as it has places', async () => {
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let underWay = 0
    const take = async () => {
      underWay++
      await finished
      return {}
    }
    const { accept, states, close } = setUpLists([], { concurrency: 6, list: { most: 100, deliver: take } })
    await accept(...numbered(700))
    await clock.advance(0)
    expect(underWay).toBe(6)
    finish()
    await clock.advance(0)
    expect(states().every((state) => state.endsWith('delivered 1'))).toBe(true)
    await close()
  })

  test('has one after the other with ErrorsTolerance NONE', async () => {
    const { accept, lists, close } = setUpLists([], { errorsTolerance: 'NONE' })
    await accept('a', 'b', 'c')
    await clock.advance(0)
    expect(lists).toEqual([['a'], ['b'], ['c']])
    await close()
  })
})

describe('a rule that is disabled', () => {
  test('keeps what has matched, first tries and retries, until it is enabled', async () => {
    let down = true
    const { accept, states, rule, dispatcher, close } = setUp([
      target({ deliver: async () => (down ? { error: 'down' } : {}) }),
    ])
    await accept('a')
    await clock.advance(0)
    down = false
    rule.enabled = false
    await accept('b')
    await clock.advance(DAY)
    expect(states()).toEqual(['a: pending 1', 'b: pending 0'])
    rule.enabled = true
    dispatcher.wake()
    await clock.advance(0)
    expect(states()).toEqual(['a: delivered 2', 'b: delivered 1'])
    await close()
  })

  test('a delivery under way then is finished', async () => {
    let finish = (_: object) => {}
    const { accept, states, rule, close } = setUp([
      target({
        deliver: () =>
          new Promise((resolve) => {
            finish = resolve
          }),
      }),
    ])
    await accept('a')
    await clock.advance(0)
    rule.enabled = false
    finish({})
    await clock.advance(0)
    expect(states()).toEqual(['a: delivered 1'])
    await close()
  })
})

test.each<[string, Partial<Target>, number]>([
  ['than allowed', {}, 2],
  ['than its ConcurrentConfig says', { concurrency: 3 }, 3],
  ['than one, with ErrorsTolerance NONE', { errorsTolerance: 'NONE', concurrency: 3 }, 1],
])('no more deliveries to a target are under way %s, and the rest follows', async (_, fields, limit) => {
  let underWay = 0
  let most = 0
  const waiting: (() => void)[] = []
  const deliver = async () => {
    most = Math.max(most, ++underWay)
    await new Promise<void>((resolve) => waiting.push(resolve))
    underWay--
    return {}
  }
  const { accept, states, close } = setUp([target({ ...fields, deliver })], 2)
  await accept('a', 'b', 'c', 'd', 'e')
  for (let round = 0; round < 5; round++) {
    await clock.advance(0)
    expect(underWay).toBe(Math.min(limit, 5 - round))
    waiting.shift()?.()
  }
  await clock.advance(0)
  expect(most).toBe(limit)
  expect(states().every((state) => state.endsWith('delivered 1'))).toBe(true)
  await close()
})

test('a target that hangs holds up no other, however much waits for it', async () => {
  const delivered: string[] = []
  let hanging = 0
  const slow = target({
    id: 'slow',
    deliver: () => {
      hanging++
      return new Promise(() => {})
    },
  })
  const fast = target({
    id: 'fast',
    async deliver(eventText) {
      delivered.push(eventText)
      return {}
    },
  })
  const { accept, store } = setUp([slow, fast], 2)
  const ids = ['a', 'b', 'c', 'd', 'e']
  for (const id of ids) {
    await accept(id)
    await clock.advance(0)
  }
  expect(delivered).toEqual(ids.map((id) => `{"id":"${id}"}`))
  expect(hanging).toBe(2)
  store.close()
})

test('a target that takes only so many a minute gets the rest when it does, and nothing is counted as a failure', async () => {
  const start = clock.now()
  const times: number[] = []
  let nextTurn = start
  const { accept, states, close } = setUp([
    target({
      takeTurn(now) {
        if (now < nextTurn) return nextTurn
        nextTurn = now + 60 * SECOND
        return undefined
      },
      async deliver() {
        times.push(clock.now() - start)
        return {}
      },
    }),
  ])
  await accept('a', 'b', 'c')
  await clock.advance(0)
  expect(states()).toEqual(['a: delivered 1', 'b: pending 0', 'c: pending 0'])
  await clock.advance(3_600 * SECOND)
  expect(times).toEqual([0, 60 * SECOND, 120 * SECOND])
  expect(states()).toEqual(['a: delivered 1', 'b: delivered 1', 'c: delivered 1'])
  await close()
})

test('what was pending is delivered by the next process', async () => {
  const first = setUp([target({ deliver: failing })])
  await first.accept('a')
  await clock.advance(SECOND)
  expect(first.states()).toEqual(['a: pending 2'])
  await first.close()

  const second = setUp([target({})])
  second.dispatcher.wake()
  await clock.advance(10 * SECOND)
  expect(second.states()).toEqual(['a: delivered 3'])
  await second.close()
})

test('stop waits for a delivery under way and begins no other', async () => {
  let finish = () => {}
  let started = 0
  const { accept, dispatcher, states, store } = setUp([
    target({
      async deliver() {
        started++
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return {}
      },
    }),
  ])
  await accept('a')
  await clock.advance(0)
  let hasStopped = false
  const stopped = dispatcher.stop().then(() => {
    hasStopped = true
  })
  await accept('b')
  await clock.advance(0)
  expect(hasStopped).toBe(false)
  finish()
  await stopped
  expect(states()).toEqual(['a: delivered 1', 'b: pending 0'])
  await clock.advance(DAY)
  expect(started).toBe(1)
  store.close()
})

test('a target has one timer at most, and none after stop', async () => {
  const { accept, close } = setUp([target({ deliver: failing })])
  for (const id of ['a', 'b', 'c']) {
    await accept(id)
    await clock.advance(0)
  }
  expect(clock.waiting()).toBe(1)
  await close()
  expect(clock.waiting()).toBe(0)
})

test.each<[string, (buses: Map<string, EventBus>, rule: { targets: Target[] }) => void]>([
  ['target', (_, rule) => rule.targets.splice(0)],
  ['rule', (buses) => buses.set('bus', { name: 'bus', rules: [] })],
  ['bus', (buses) => buses.delete('bus')],
])('a %s that is gone: its deliveries are given up', async (_, remove) => {
  const { accept, buses, rule, store, close } = setUp([
    target({ deliver: failing, deadLetterQueue: 'acs:mns:a:b:/queues/c' }),
  ])
  await accept('a')
  await clock.advance(0)
  remove(buses, rule)
  await clock.advance(10 * SECOND)
  expect(store.traces.find(1)?.deliveries[0]).toMatchObject({
    state: 'dropped',
    error: 'the rule has no such target any more',
  })
  await close()
})

test('the store is asked once for each delivery, however many wait', async () => {
  const { accept, states, store, close } = setUp([target({})])
  const next = jest.spyOn(store, 'next')
  await accept(...Array.from({ length: 100 }, (_, index) => `e${index}`))
  await clock.advance(0)
  await clock.advance(0)
  await clock.advance(0)
  expect(states().every((state) => state.endsWith('delivered 1'))).toBe(true)
  expect(next.mock.calls.length).toBeLessThanOrEqual(101)
  await close()
})

describe('a store that fails, as on a full disk', () => {
  const broken = /^The event store cannot be written \(database or disk is full\)\. Until it can, events are refused/
  test.each(['record', 'next', 'pendingLanes'] as const)(
    '%s: said once, tried every second, delivered once in the end',
    async (method) => {
      const delivered: string[] = []
      const deliver = async (text: string) => {
        delivered.push(text)
        return {}
      }
      const { accept, states, store, lines, close } = setUp([target({ deliver })])
      const works = store[method]
      const fails = () => {
        throw new Error('database or disk is full')
      }
      Object.assign(store, { [method]: fails })
      await accept('a')
      await clock.advance(2.5 * SECOND)
      expect(lines).toEqual([expect.stringMatching(broken)])
      Object.assign(store, { [method]: works })
      await clock.advance(0.4 * SECOND)
      expect(states()).toEqual(['a: pending 0'])
      await clock.advance(0.1 * SECOND)
      expect(states()).toEqual(['a: delivered 1'])
      expect(delivered).toEqual(['{"id":"a"}'])
      expect(lines).toEqual([expect.anything(), expect.stringMatching(/^The event store can be written again/)])

      // another outage is another line
      Object.assign(store, { [method]: fails })
      await accept('b')
      await clock.advance(0)
      Object.assign(store, { [method]: works })
      expect(lines).toHaveLength(3)
      await close()
    },
  )

  test('what could not be noted before the end is noted at the end, if it can be', async () => {
    const delivered: string[] = []
    const { accept, states, store, close, dispatcher } = setUp([
      target({ deliver: async (text) => ({ answer: String(delivered.push(text)) }) }),
    ])
    const { record } = store
    Object.assign(store, { record: () => Promise.reject(new Error('database or disk is full')) })
    await accept('a')
    await clock.advance(5 * SECOND)
    Object.assign(store, { record })
    await dispatcher.stop()
    expect(states()).toEqual(['a: delivered 1'])
    await close()
    const again = setUp([target({ deliver: async (text) => ({ answer: String(delivered.push(text)) }) })])
    again.dispatcher.wake()
    await clock.advance(0)
    expect(delivered).toHaveLength(1)
    await again.close()
  })

  test('a store that never comes back does not keep it from ending', async () => {
    const { accept, store, close } = setUp([target({})])
    Object.assign(store, { record: () => Promise.reject(new Error('database or disk is full')) })
    await accept('a', 'b')
    await clock.advance(5 * SECOND)
    await close()
    const again = setUp([target({})])
    again.dispatcher.wake()
    await clock.advance(0)
    expect(again.states()).toEqual(['a: delivered 1', 'b: delivered 1'])
    await again.close()
  })
})

describe('a clock that was set back by hours', () => {
  const HOUR = 3_600 * SECOND

  test.each<[RetryStrategy, attempts: number, wait: number]>([
    ['BACKOFF_RETRY', 1, 15 * SECOND],
    ['EXPONENTIAL_DECAY_RETRY', 1, SECOND],
    ['EXPONENTIAL_DECAY_RETRY', 12, 512 * SECOND],
  ])('%s after %i attempts: no retry waits longer than it would', async (retryStrategy, attempts, wait) => {
    let down = true
    let back = 0
    const hand = clock
    clock = { ...hand, now: () => hand.now() - back }
    const deliver = async () => (down ? { error: 'down' } : {})
    const { accept, states, close } = setUp([target({ retryStrategy, deliver })])
    await accept('a')
    while (states()[0] !== `a: pending ${attempts}`) await hand.advance(hand.next() ?? 0)
    down = false
    back = 5 * HOUR
    await hand.advance(wait)
    expect(states()).toEqual([`a: delivered ${attempts + 1}`])
    await close()
  })

  test('what was accepted just before, and what waited over a restart, is delivered', async () => {
    const first = setUp([target({ deliver: async () => ({ error: 'down' }) })])
    await first.accept('a')
    await clock.advance(40 * SECOND)
    await first.close()
    const hand = clock
    clock = { ...hand, now: () => hand.now() - 5 * HOUR }
    const second = setUp([target({})])
    second.dispatcher.wake()
    await hand.advance(0)
    expect(second.states()).toEqual(['a: delivered 7'])
    await second.close()
  })
})

describe('a clock that is set while retries wait', () => {
  const HOUR = 3_600 * SECOND

  test.each([
    ['back by five hours', -5 * HOUR],
    ['back by a minute, less than a retry waits', -60 * SECOND],
    ['back by two seconds', -2 * SECOND],
    ['forward by a minute', 60 * SECOND],
    ['forward by a day', DAY],
  ])('%s: each comes when as much time has passed as without that', async (_, by) => {
    const hand = clock
    let set = 0
    clock = { ...hand, now: () => hand.now() + set }
    const start = hand.now()
    const times: number[] = []
    const deliver = async (text: string) => {
      if (text === '{"id":"a"}') times.push((hand.now() - start) / SECOND)
      return text === '{"id":"a"}' ? { error: 'down' } : {}
    }
    const { accept, store, close } = setUp([target({ deliver })])
    await accept('a')
    await hand.advance(200 * SECOND)
    set = by
    // what comes meanwhile has the lane look
    await accept('b')
    await hand.advance(10 * SECOND)
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 127])
    // and says so to whoever looks
    expect(store.traces.find(1)?.deliveries[0]?.nextAttemptAt).toBe(start + 255 * SECOND + by)
    await hand.advance(600 * SECOND)
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511])
    await close()
  })

  test('what was read ahead and is due later is read anew, and forwards and back again leaves nothing changed', async () => {
    const hand = clock
    let set = 0
    clock = { ...hand, now: () => hand.now() + set }
    const start = hand.now()
    const times: number[] = []
    const deliver = async () => {
      times.push((hand.now() - start) / SECOND)
      return { error: 'down' }
    }
    const { accept, dispatcher, close } = setUp([target({ deliver })])
    await accept('a')
    for (const by of [HOUR, -HOUR, 30 * DAY, -30 * DAY, 0]) {
      await hand.advance(2 * SECOND)
      set = by
      dispatcher.wake()
    }
    await hand.advance(50 * SECOND)
    expect(times).toEqual([0, 1, 3, 7, 15, 31])
    await close()
  })
})

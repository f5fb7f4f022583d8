import type { FunctionError } from '../../../local/functionHost/functionError'
import type { Instance } from '../../../local/functionHost/instance'
import {
  createInstancePool,
  GROW_AFTER_MS,
  GROW_BEYOND_CORES_AFTER_MS,
  IDLE_MS,
  type Slot,
} from '../../../local/functionHost/instancePool'
import { manualClock } from '../../support/manualClock'

const error = { errorMessage: 'too late', errorType: 'Error' }
const over: Instance = {
  call: () => Promise.resolve({ ok: false, error }),
  usable: () => false,
  memoryMb: () => undefined,
  ended: Promise.resolve(error),
  terminate: () => Promise.resolve(),
}

test.each<[string, boolean, unknown[]]>([
  ['after its answer is told, since nobody else heard of it', true, [error]],
  ['in place of an answer is not told again', false, []],
])('an instance that ended before it was given back, %s', async (_, hasAnswered, told) => {
  const heard: unknown[] = []
  const pool = createInstancePool({
    start: () => over,
    limit: 1,
    onIdleEnded: (ended) => heard.push(ended),
    endIdle: () => Promise.resolve(),
  })
  pool.release(await pool.acquire(), hasAnswered)
  await over.ended
  expect(heard).toEqual(told)
  expect(pool.slots()).toEqual([])
})

/** A pool of instances that end when they are told to. */
function startPool(limit: number, cores = limit) {
  const hand = manualClock()
  let back = 0
  const clock = { ...hand, now: () => hand.now() - back, setBack: (ms: number) => (back += ms) }
  const told: FunctionError[] = []
  const start = { fails: false }
  const endings = new Map<Instance, () => void>()
  const pool = createInstancePool({
    limit,
    cores,
    clock,
    start() {
      if (start.fails) throw new Error('no more threads')
      const ending = { end: () => {} }
      const ended = new Promise<FunctionError>((resolve) => {
        ending.end = () => resolve(error)
      })
      const instance = { ...over, usable: () => true, ended }
      endings.set(instance, ending.end)
      return instance
    },
    onIdleEnded: (ended) => told.push(ended),
    endIdle: async (slot) => endings.get(slot.instance)?.(),
  })
  const held: Slot[] = []
  const refused: string[] = []
  const take = (count: number) => {
    for (let one = 0; one < count; one++) {
      void pool.acquire().then(
        (slot) => held.push(slot),
        (reason: Error) => refused.push(reason.message),
      )
    }
  }
  const giveBack = (count: number) => {
    for (const slot of held.splice(0, count)) pool.release(slot, true)
  }
  const crash = (slot: Slot) => endings.get(slot.instance)?.()
  return { clock, told, pool, held, refused, start, take, giveBack, crash, size: () => pool.slots().length }
}

describe('a burst of requests', () => {
  test('has an instance beyond the cores only where one waits for long', async () => {
    const { clock, take, size } = startPool(4, 2)
    take(5)
    await clock.advance(GROW_AFTER_MS)
    expect(size()).toBe(2)
    await clock.advance(GROW_BEYOND_CORES_AFTER_MS - 1)
    expect(size()).toBe(2)
    await clock.advance(1)
    expect(size()).toBe(3)
    await clock.advance(GROW_BEYOND_CORES_AFTER_MS)
    expect(size()).toBe(4)
  })

  test('that are served in no time is served by one instance', async () => {
    const { clock, take, giveBack, held, size } = startPool(20)
    take(50)
    for (let served = 0; served < 50; served++) {
      await clock.advance(1)
      expect(held).toHaveLength(1)
      giveBack(1)
    }
    expect(size()).toBe(1)
  })

  test('that take long has an instance more for each time that one waits, up to the limit', async () => {
    const { clock, take, held, size } = startPool(3)
    take(5)
    await clock.advance(0)
    expect(held).toHaveLength(1)
    await clock.advance(GROW_AFTER_MS - 1)
    expect(size()).toBe(1)
    await clock.advance(1)
    expect(held).toHaveLength(2)
    await clock.advance(GROW_AFTER_MS)
    expect(held).toHaveLength(3)
    await clock.advance(GROW_AFTER_MS * 10)
    expect([held.length, size()]).toEqual([3, 3])
    expect(clock.waiting()).toBe(0)
  })

  test('is measured by the one that waits longest now', async () => {
    const { clock, take, giveBack, held, size } = startPool(20)
    take(2)
    await clock.advance(GROW_AFTER_MS - 10)
    take(1)
    giveBack(1)
    await clock.advance(GROW_AFTER_MS - 1)
    expect([held.length, size()]).toEqual([1, 1])
    await clock.advance(1)
    expect([held.length, size()]).toEqual([2, 2])
  })
})

describe('instances that nobody needs', () => {
  async function threeIdle() {
    const started = startPool(3)
    started.take(3)
    await started.clock.advance(GROW_AFTER_MS * 2)
    started.giveBack(3)
    return started
  }

  test('are ended after a while, but for one; that is no fault to tell of', async () => {
    const { clock, size, told, pool } = await threeIdle()
    await clock.advance(IDLE_MS - 1)
    expect(size()).toBe(3)
    await clock.advance(1)
    expect([size(), told, clock.waiting()]).toEqual([1, [], 0])
    expect(pool.slots().map(pool.isIdle)).toEqual([true])
  })

  test('are those that rest, not one that is used again and again', async () => {
    const { clock, size, take, giveBack, held } = await threeIdle()
    for (let at = 0; at < IDLE_MS; at += IDLE_MS / 4) {
      take(1)
      await clock.advance(IDLE_MS / 4)
      giveBack(1)
    }
    expect(size()).toBe(1)
    take(1)
    await clock.advance(0)
    expect(held).toHaveLength(1)
  })

  test('and one that crashes meanwhile is told of', async () => {
    const { clock, size, told, crash, pool } = await threeIdle()
    const [slot] = pool.slots()
    if (slot) crash(slot)
    await clock.advance(0)
    expect([size(), told]).toEqual([2, [error]])
  })

  test('stay as they are once the pool is closed, and those that wait are refused', async () => {
    const { clock, size, take, pool, held } = await threeIdle()
    take(3)
    const refused = pool.acquire()
    pool.close(new Error('stopping'))
    await expect(refused).rejects.toThrow('stopping')
    await clock.advance(IDLE_MS * 2)
    expect([size(), held.length, clock.waiting()]).toEqual([3, 3, 0])
  })
})

test('whoever waits has a new instance in place of one that ends', async () => {
  const { clock, take, held, crash, size } = startPool(1)
  take(2)
  await clock.advance(0)
  const [first] = held
  if (first) crash(first)
  await clock.advance(0)
  expect(held).toHaveLength(2)
  expect(held[1]).not.toBe(first)
  expect(size()).toBe(1)
})

test('a clock that is set back by hours keeps neither a new instance away nor an idle one alive', async () => {
  const { clock, take, giveBack, held, size } = startPool(3)
  take(2)
  clock.setBack(5 * 3_600_000)
  await clock.advance(GROW_AFTER_MS)
  expect(held).toHaveLength(2)
  giveBack(2)
  clock.setBack(5 * 3_600_000)
  await clock.advance(IDLE_MS)
  expect(size()).toBe(1)
})

describe('an instance that cannot be started', () => {
  test('is done without while there is another', async () => {
    const { clock, take, giveBack, held, refused, start, size } = startPool(3)
    take(2)
    await clock.advance(0)
    start.fails = true
    await clock.advance(GROW_AFTER_MS * 3)
    expect([held.length, refused, size()]).toEqual([1, [], 1])
    giveBack(1)
    await clock.advance(0)
    expect(held).toHaveLength(1)
  })

  test('refuses those that wait where there is none', async () => {
    const { clock, take, held, refused, start, crash } = startPool(1)
    take(3)
    await clock.advance(0)
    start.fails = true
    for (const slot of held) crash(slot)
    await clock.advance(0)
    expect(refused).toEqual(['no more threads', 'no more threads'])
  })
})

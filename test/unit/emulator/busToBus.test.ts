import { createDispatcher } from '../../../emulator/delivery/dispatcher'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import type { EventBus } from '../../../emulator/resources/compiledBuses'
import { compileTarget, type TargetEntry } from '../../../emulator/targets/compileTarget'
import type { Connections } from '../../../emulator/targets/target'
import { manualClock } from '../../support/manualClock'
import { acceptedEvent, temporaryStores, tracesOf, waitForDisk } from '../../support/store'

const openTemporary = temporaryStores()

const arnOf = (bus: string) => `acs:eventbridge:cn-hangzhou:123456789012:eventbus/${bus}`
const toBus = (bus: string): TargetEntry => ({
  Id: 'target',
  Type: 'acs.eventbridge',
  Endpoint: arnOf(bus),
  ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
})
const toFunction = (deadLetters?: string): TargetEntry => ({
  ...toBus(''),
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
  ...(deadLetters && { DeadLetterQueue: { Arn: arnOf(deadLetters) } }),
})

/** Publishes one event on bus a, where each bus has a rule with its target, and runs until nothing is left to do. */
async function run(targets: Record<string, TargetEntry>, down = false) {
  const [store, clock] = [openTemporary(), manualClock()]
  waitForDisk(clock, () => store)
  const invoked: string[] = []
  const connections: Connections = {
    async invoke(_, payload) {
      invoked.push(payload)
      return down ? { error: 'down' } : {}
    },
    async publish(bus, eventText) {
      if (!buses.has(bus)) return { error: 'EventBusNotExist' }
      await accept(bus, eventText)
      return {}
    },
  }
  const buses = new Map<string, EventBus>(
    Object.entries(targets).map(([name, entry]) => {
      const rule = {
        name: 'rule',
        enabled: true,
        pattern: compilePattern({}),
        targets: [compileTarget(entry, connections)],
      }
      return [name, { name, rules: [rule] }]
    }),
  )
  const dispatcher = createDispatcher({
    store,
    buses,
    clock,
    random: () => 0.5,
    concurrency: 10,
    health: { failed() {} },
  })
  async function accept(bus: string, json: string): Promise<void> {
    await store.accept([acceptedEvent({ id: 'e', bus, json, receivedAt: clock.now() })])
    dispatcher.wake()
  }

  await accept('a', '{"id":"e","aliyuneventbusname":"a","data":{"name":"x"}}')
  await clock.advance(86_400_000)
  const ends = tracesOf(store).map(({ bus, deliveries, deadLetters }) => {
    const queues = deadLetters.map(({ queue }) => queue)
    return [bus, deliveries[0]?.state, deliveries[0]?.error ?? '', ...queues]
  })
  await dispatcher.stop()
  store.close()
  return { ends, invoked: invoked.map((text) => JSON.parse(text) as unknown) }
}

const circle = (bus: string) => `the event was on the bus ${bus} already and would go round in circles`

test('an event goes from bus to bus, and to a function at the end', async () => {
  const { ends, invoked } = await run({ a: toBus('b'), b: toBus('c'), c: toFunction() })
  expect(ends).toEqual([
    ['a', 'delivered', ''],
    ['b', 'delivered', ''],
    ['c', 'delivered', ''],
  ])
  expect(invoked).toEqual([{ id: 'e', aliyuneventbusname: 'c', data: { name: 'x' }, emulatorbuses: 'a,b' }])
})

test.each<[string, Record<string, TargetEntry>, unknown[]]>([
  ['a bus that leads to itself', { a: toBus('a') }, [['a', 'dropped', circle('a')]]],
  [
    'two buses that lead to each other',
    { a: toBus('b'), b: toBus('a') },
    [
      ['a', 'delivered', ''],
      ['b', 'dropped', circle('a')],
    ],
  ],
  ['a bus that there is not', { a: toBus('z') }, [['a', 'dropped', 'EventBusNotExist']]],
  [
    'dead letters on another bus',
    { a: toFunction('b'), b: toFunction() },
    [
      ['a', 'dead-lettered', 'down'],
      ['b', 'dropped', 'down'],
    ],
  ],
  [
    'dead letters on the bus of the event',
    { a: toFunction('a') },
    [['a', 'dead-lettered', `down; its dead-letter bus: ${circle('a')}`, arnOf('a')]],
  ],
  [
    'dead letters on each other',
    { a: toFunction('b'), b: toFunction('a') },
    [
      ['a', 'dead-lettered', 'down'],
      ['b', 'dead-lettered', `down; its dead-letter bus: ${circle('a')}`, arnOf('a')],
    ],
  ],
])('%s: it comes to an end', async (_, targets, ends) => {
  expect((await run(targets, true)).ends).toEqual(ends)
})

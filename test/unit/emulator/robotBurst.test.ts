import path from 'node:path'
import { createDispatcher } from '../../../emulator/delivery/dispatcher'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import type { EventBus } from '../../../emulator/resources/compiledBuses'
import { openStore } from '../../../emulator/store/store'
import { createRateLimit, signedUrl } from '../../../emulator/targets/dingtalkTarget'
import type { Target } from '../../../emulator/targets/target'
import { createRobot, robotVariables } from '../../../local/dingtalk/robot'
import { type ManualClock, manualClock } from '../../support/manualClock'
import { acceptedEvent, waitForDisk } from '../../support/store'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const HIRES = 100
const MINUTE = 60_000
const { DINGTALK_ROBOT_URL: address, DINGTALK_ROBOT_SECRET: secret } = robotVariables('http://127.0.0.1:1')

/** A hundred are hired at once, and a target as in eventbridge.yaml tells the robot, until a day is over. */
async function burst(name: string, takeTurn?: Target['takeTurn']) {
  const clock = manualClock()
  const robot = createRobot(clock)
  const said: number[] = []
  const refused: number[] = []
  const target: Target = {
    id: 'robot',
    retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    errorsTolerance: 'ALL',
    concurrency: 1,
    ...(takeTurn && { takeTurn }),
    async deliver(eventText) {
      const { id } = JSON.parse(eventText) as { id: string }
      const message = JSON.stringify({ msgUuid: id, msgtype: 'text', text: { content: 'welcome' } })
      const query = signedUrl(new URL(address), secret, clock.now()).searchParams
      const { errcode } = robot.take(query, 'application/json', message)
      const times = errcode === 0 ? said : refused
      times.push(clock.now())
      return errcode === 0 ? {} : { error: `errcode ${errcode}` }
    },
  }
  const store = openStore(path.join(folder, `${name}.db`))
  waitForDisk(clock, () => store)
  const rule = { name: 'welcome', enabled: true, pattern: compilePattern({}), targets: [target] }
  const buses = new Map<string, EventBus>([['bus', { name: 'bus', rules: [rule] }]])
  const dispatcher = createDispatcher({
    store,
    buses,
    clock,
    random: () => 0.5,
    concurrency: 10,
    health: { failed() {} },
  })
  const start = clock.now()
  const deliveries = [{ rule: 'welcome', target: 'robot' }]
  await store.accept(
    Array.from({ length: HIRES }, (_, index) => acceptedEvent({ id: `e${index}`, deliveries, receivedAt: start })),
  )
  dispatcher.wake()
  while (said.length < HIRES && clock.now() < start + 1_440 * MINUTE) {
    await allUnderWay(clock, () => said.length + refused.length)
    await clock.advance(MINUTE)
  }
  await dispatcher.stop()
  store.close()
  const mostInAMinute = Math.max(...said.map((at) => said.filter((other) => other >= at && other < at + MINUTE).length))
  return { said: said.length, refused: refused.length, mostInAMinute, seconds: ((said.at(-1) ?? 0) - start) / 1_000 }
}

/** A delivery begins when the one before is on disk: lets all go that are due now. */
async function allUnderWay(clock: ManualClock, attempts: () => number): Promise<void> {
  for (let before = -1; before < attempts(); ) {
    before = attempts()
    await clock.advance(0)
  }
}

test('as the emulator delivers: 20 a minute, none refused, all said within five minutes', async () => {
  expect(await burst('waiting', createRateLimit(20, 61_000))).toEqual({
    ...{ said: HIRES, refused: 0, mostInAMinute: 20 },
    seconds: 4 * 61,
  })
})

test('by retries alone, as the service may: DingTalk refuses what is too much, and all is said within the day of retries', async () => {
  const { refused, ...all } = await burst('retried')
  // the first 20 at once, and 20 more with every second retry from then on: the one between comes while it is blocked
  expect(all).toEqual({ said: HIRES, mostInAMinute: 20, seconds: 4_095 })
  expect(refused).toBeGreaterThan(HIRES)
})

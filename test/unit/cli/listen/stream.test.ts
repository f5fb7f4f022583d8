import { type Frame, nativeForm } from '../../../../cli/listen/frame'
import { register, StreamRefused } from '../../../../cli/listen/register'
import { holdStream } from '../../../../cli/listen/stream'
import { systemClock } from '../../../../shared/clock'
import { createExchange } from '../../../../shared/dingtalk/directory/exchange'
import { startTestDingTalk, type TestDingTalk } from '../../../support/dingtalk'
import { type ManualClock, manualClock } from '../../../support/manualClock'
import { temporaryFolder } from '../../../support/temporaryFolder'
import { waitFor } from '../../../support/waitFor'

const exchange = createExchange(systemClock)
afterAll(() => exchange.close())

interface Listening {
  clock: ManualClock
  told: string[]
  stop(): Promise<void>
  /** rejects as it does */
  ended: Promise<void>
}

/** Holds the stream that these give, until it is stopped. */
function listen(options: { register(): Promise<URL>; take?(frame: Frame): Promise<boolean> }): Listening {
  const clock = manualClock()
  const told: string[] = []
  const stopping = new AbortController()
  const ended = holdStream(
    { take: async () => true, ...options, tell: (line) => told.push(line), random: () => 1, clock },
    stopping.signal,
  )
  ended.catch(() => {})
  const stop = () => {
    stopping.abort()
    return ended
  }
  return { clock, told, ended, stop }
}

describe('beside a DingTalk', () => {
  const folder = temporaryFolder()
  let dingtalk: TestDingTalk
  let listening: Listening
  let taken: Record<string, unknown>[]
  let takes: (frame: Frame) => Promise<boolean>
  let attempts: { now: number; most: number; all: number }

  beforeAll(async () => {
    dingtalk = await startTestDingTalk({ folder })
  })
  afterAll(() => dingtalk.close())

  async function askForTicket(): Promise<URL> {
    attempts.all++
    attempts.most = Math.max(attempts.most, ++attempts.now)
    const { appKey, appSecret, url } = dingtalk
    return register({ appKey, appSecret, endpoint: `${url}/api` }, exchange).finally(() => attempts.now--)
  }
  const counts = async () => (await dingtalk.control('counts')).body['stream'] as Record<string, number>
  const isHeld = async (connections: number) => (await counts())['connections'] === connections
  const lines = (start: string) => listening.told.filter((line) => line.startsWith(start))

  beforeEach(async () => {
    taken = []
    takes = async () => true
    attempts = { now: 0, most: 0, all: 0 }
    listening = listen({
      register: askForTicket,
      take(frame) {
        taken.push(JSON.parse(nativeForm(frame)))
        return takes(frame)
      },
    })
    await waitFor(() => isHeld(1))
  })
  afterEach(async () => {
    await listening.stop()
    await waitFor(() => isHeld(0))
    expect(listening.clock.waiting()).toBe(0)
    expect(attempts.most).toBe(1)
  })

  async function hire(userid: string): Promise<void> {
    await dingtalk.control('hire', { userid, active: true })
    await dingtalk.clock.advance(0)
  }
  const hiredOf = (userid: string) =>
    taken.filter(({ EventType, userId }) => EventType === 'user_add_org' && String(userId) === userid)

  test('an event comes as a callback would bring it, once', async () => {
    await hire('one')
    await waitFor(() => hiredOf('one').length > 0)
    expect(hiredOf('one')).toEqual([
      {
        EventType: 'user_add_org',
        EventTime: dingtalk.clock.now(),
        BizId: String(dingtalk.clock.now()),
        CorpId: 'dinga1b2c3d4e5f60718',
        eventId: expect.stringMatching(/^[\da-f]{32}$/),
        timeStamp: String(dingtalk.clock.now()),
        userId: ['one'],
      },
    ])
    expect(lines('connected')).toHaveLength(1)
    expect(listening.told[0]).toMatch(/^connected\. If no event comes .*Stream 模式推送/)
  })

  test('one that was not taken comes again', async () => {
    const before = (await counts())['acknowledged'] ?? 0
    takes = async () => hiredOf('two').length > 1
    await hire('two')
    await waitFor(() => hiredOf('two').length === 1)
    // when the double has read the answer
    await waitFor(async () => {
      await dingtalk.clock.advance(10_000)
      return hiredOf('two').length === 2
    })
    await waitFor(async () => (await counts())['acknowledged'] === before + 1)
    expect(new Set(hiredOf('two').map(({ eventId }) => eventId)).size).toBe(1)
  })

  test('a ping is answered', async () => {
    const before = (await counts())['pongs'] ?? 0
    await dingtalk.control('stream', { act: 'ping' })
    await waitFor(async () => (await counts())['pongs'] === before + 1)
  })

  test('a lost connection is opened again after a wait', async () => {
    await dingtalk.control('stream', { act: 'drop' })
    await waitFor(() => lines('trying again').length === 1)
    expect(lines('the connection was lost')).toHaveLength(1)
    expect(attempts.all).toBe(1)
    await listening.clock.advance(1_000)
    await waitFor(() => lines('connected again').length === 1)
    await waitFor(() => isHeld(1))
    await hire('three')
    await waitFor(() => hiredOf('three').length === 1)
  })

  test('of one that is moved the next is opened at once, and the old one is closed 10 s later', async () => {
    const { opened = 0 } = await counts()
    await dingtalk.control('stream', { act: 'disconnect' })
    await waitFor(() => lines('connected again').length === 1)
    expect(lines('trying again')).toEqual([])
    await waitFor(async () => (await counts())['opened'] === opened + 1)
    await hire('four')
    await waitFor(() => hiredOf('four').length === 1)
    await dingtalk.clock.advance(10_000)
    await waitFor(() => isHeld(1))
  })

  test('one that is moved again and again is opened after waits', async () => {
    for (let times = 1; times <= 3; times++) {
      await dingtalk.control('stream', { act: 'disconnect' })
      await waitFor(() => lines('DingTalk moves').length === times)
      await waitFor(() => lines('trying again').length === times - 1)
      // no longer, or it counts as one that stood
      if (times > 1) await listening.clock.advance(2 ** (times - 1) * 1_000)
      await waitFor(() => lines('connected again').length === times)
      await waitFor(() => isHeld(1))
    }
    expect(lines('trying again')).toEqual(['trying again in 2 s', 'trying again in 4 s'])
    await dingtalk.clock.advance(10_000)
  })
})

describe('refused', () => {
  /** Each attempt is refused with the next of these, the last of them again and again. */
  const refusals = (...errors: unknown[]) => {
    let attempts = 0
    return async () => Promise.reject(errors[Math.min(attempts++, errors.length - 1)])
  }

  test('waits grow to a minute', async () => {
    const { clock, told, stop } = listen({ register: refusals(new StreamRefused('later')) })
    const waits = [1, 2, 4, 8, 16, 32, 60, 60]
    for (const seconds of waits) {
      await clock.advance(0)
      expect(told.slice(-2)).toEqual(['later', `trying again in ${seconds} s`])
      await clock.advance(seconds * 1_000)
    }
    expect(told).toHaveLength(2 * waits.length + 2)
    await stop()
    expect(clock.waiting()).toBe(0)
  })

  test('the first time for a reason that somebody must mend, it ends with that', async () => {
    const { ended, told } = listen({ register: refusals(new StreamRefused('mend it', true)) })
    await expect(ended).rejects.toMatchObject({ name: 'UserError', message: 'mend it' })
    expect(told).toEqual([])
  })

  test('a fault of ours ends it', async () => {
    const { ended } = listen({ register: refusals(new TypeError('x')) })
    await expect(ended).rejects.toThrow(TypeError)
  })

  test('once it has been connected nothing ends it', async () => {
    const dingtalk = await startTestDingTalk({ folder: temporary })
    const { appKey, appSecret, url } = dingtalk
    let attempts = 0
    const { clock, told, stop } = listen({
      async register() {
        if (attempts++ > 0) throw new StreamRefused('mend it', true)
        return register({ appKey, appSecret, endpoint: `${url}/api` }, exchange)
      },
    })
    await waitFor(() => told.length === 1)
    await dingtalk.close()
    await waitFor(() => told.length === 3)
    await clock.advance(1_000)
    expect(told.slice(-2)).toEqual(['mend it', 'trying again in 2 s'])
    await stop()
  })
})
const temporary = temporaryFolder()

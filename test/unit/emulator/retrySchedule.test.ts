import { parseRetryStrategy, type RetryStrategy, retryDelay } from '../../../emulator/targets/retrySchedule'

/** Every wait in milliseconds until the strategy gives up. */
function waits(strategy: RetryStrategy, random: () => number): number[] {
  const delays: number[] = []
  for (let failed = 1; failed < 1000; failed++) {
    const delay = retryDelay(strategy, failed, random)
    if (delay === undefined) return delays
    delays.push(delay)
  }
  throw new Error('never gives up')
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

describe('BACKOFF_RETRY', () => {
  test.each([
    [0, 10_000],
    [0.5, 15_000],
    [0.999999, 19_999],
  ])('by chance %d: three retries of %d ms each', (chance, delay) => {
    expect(waits('BACKOFF_RETRY', () => chance)).toEqual([delay, delay, delay])
  })

  test('draws anew for each retry', () => {
    const chances = [0.1, 0.9, 0.4]
    expect(waits('BACKOFF_RETRY', () => chances.shift() ?? 0)).toEqual([11_000, 19_000, 14_000])
  })
})

describe('EXPONENTIAL_DECAY_RETRY', () => {
  const delays = waits('EXPONENTIAL_DECAY_RETRY', () => {
    throw new Error('leaves nothing to chance')
  })

  test('doubles from 1 to 512 seconds, then stays at 512', () => {
    expect(delays.slice(0, 12)).toEqual(
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512].map((second) => second * 1000),
    )
    expect(delays.at(-1)).toBe(512_000)
  })

  test('makes 176 retries, 167 of them after 512 seconds, within a day', () => {
    expect(delays).toHaveLength(176)
    expect(delays.filter((delay) => delay === 512_000)).toHaveLength(167)
    expect(sum(delays)).toBe(86_015_000)
    expect(sum(delays)).toBeLessThan(24 * 60 * 60 * 1000)
  })
})

test.each<[text: string | undefined, strategy: RetryStrategy]>([
  ['BACKOFF_RETRY', 'BACKOFF_RETRY'],
  ['EXPONENTIAL_DECAY_RETRY', 'EXPONENTIAL_DECAY_RETRY'],
  [undefined, 'BACKOFF_RETRY'],
  ['', 'BACKOFF_RETRY'],
  ['BACKOFFRETRY', 'BACKOFF_RETRY'],
  ['exponential_decay_retry', 'EXPONENTIAL_DECAY_RETRY'],
  ['toString', 'BACKOFF_RETRY'],
])('%j is %s', (text, strategy) => {
  expect(parseRetryStrategy(text)).toBe(strategy)
})

import { keepPurging } from '../../../emulator/store/retention'
import { manualClock } from '../../support/manualClock'

const retention = { maxAgeMs: 1, maxBytes: 1 }
const MINUTE = 60_000

function setUp(purge: () => Promise<number>) {
  const clock = manualClock()
  const times: number[] = []
  const lines: string[] = []
  const start = clock.now()
  const store = {
    purge: (_: unknown, now: number) => {
      times.push(now - start)
      return purge()
    },
  }
  const stop = keepPurging(store, retention, clock, (line) => lines.push(line))
  return { clock, times, lines, stop }
}

test('at start, and then every minute', async () => {
  const { clock, times, stop } = setUp(async () => 0)
  await clock.advance(2.5 * MINUTE)
  expect(times).toEqual([0, MINUTE, 2 * MINUTE])
  stop()
  await clock.advance(MINUTE)
  expect(times).toHaveLength(3)
})

test('chunk after chunk, with a pause for the rest of the work', async () => {
  const chunks = [500, 500, 20, 0]
  const { clock, times, stop } = setUp(async () => chunks.shift() ?? 0)
  await clock.advance(1_000)
  expect(times).toEqual([0, 50, 100, 150])
  stop()
})

test('a store that fails is said, and tried again', async () => {
  let full = true
  const { clock, times, lines, stop } = setUp(async () => {
    if (full) throw new Error('disk I/O error')
    return 0
  })
  await clock.advance(0)
  full = false
  await clock.advance(MINUTE)
  expect(lines).toEqual(['Old events could not be purged (disk I/O error). It is tried again.'])
  expect(times).toEqual([0, MINUTE])
  stop()
})

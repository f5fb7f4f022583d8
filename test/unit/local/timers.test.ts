import { matchesCron, startTimers } from '../../../local/stack/timers'
import { manualClock } from '../../support/manualClock'

const at = (time: string) => Date.parse(time)

test.each<[string, string, boolean]>([
  ['CRON_TZ=Asia/Shanghai 0 10 2 * * *', '2026-03-01T02:10:00+08:00', true],
  ['CRON_TZ=Asia/Shanghai 0 10 2 * * *', '2026-03-01T02:11:00+08:00', false],
  ['CRON_TZ=Asia/Shanghai 0 10 2 * * *', '2026-03-01T02:10:00Z', false],
  ['CRON_TZ=Asia/Shanghai 0 40 * * * *', '2026-03-01T23:40:00+08:00', true],
  ['CRON_TZ=Asia/Shanghai 0 0 0 * * *', '2026-03-01T00:00:00+08:00', true],
  ['0 10 2 * * *', '2026-03-01T02:10:00Z', true],
  ['30 */20 * * * *', '2026-03-01T02:40:00Z', true],
  ['0 */20 * * * *', '2026-03-01T02:41:00Z', false],
  ['0 5/20 * * * *', '2026-03-01T02:45:00Z', true],
  ['0 5/20 * * * *', '2026-03-01T02:40:00Z', false],
  ['0 0-10/5 * * * *', '2026-03-01T02:10:00Z', true],
  ['0 0-10/5 * * * *', '2026-03-01T02:15:00Z', false],
  ['0 0 9,18 * * *', '2026-03-01T18:00:00Z', true],
  ['0 0 9 ? * 1-5', '2026-03-02T09:00:00Z', true],
  ['0 0 9 ? * 1-5', '2026-03-01T09:00:00Z', false],
  ['0 0 9 1 3 *', '2026-03-01T09:00:00Z', true],
  ['@every 60m', '2026-03-01T09:00:00Z', true],
  ['@every 60m', '2026-03-01T09:30:00Z', false],
  ['every night', '2026-03-01T09:00:00Z', false],
  ['', '2026-03-01T09:00:00Z', false],
])('%s at %s: %s', (expression, time, isDue) => {
  expect(matchesCron(expression, at(time))).toBe(isDue)
})

test('a timer hands the function its name, its time and its payload, until it is stopped', async () => {
  const clock = manualClock(at('2026-03-01T02:09:30+08:00'))
  const invoked: unknown[] = []
  const host = {
    async invoke(event: Buffer) {
      invoked.push(JSON.parse(event.toString()))
      return { body: Buffer.from('{}') }
    },
  }
  const timer = (triggerName: string, cronExpression: string, others = {}) => ({
    triggerName,
    triggerType: 'timer',
    triggerConfig: { cronExpression, payload: triggerName, ...others },
  })
  const triggers = [
    timer('nightly', 'CRON_TZ=Asia/Shanghai 0 10 2 * * *'),
    timer('hourly', 'CRON_TZ=Asia/Shanghai 0 40 * * * *'),
    timer('off', '@every 1m', { enable: false }),
    { triggerName: 'http', triggerType: 'http' },
  ]
  const props = { functionName: 'f', handler: 'index.handler', code: '.', memorySize: 1, timeout: 1 }
  const stop = startTimers([{ ...props, environmentVariables: {}, triggers }], new Map([['f', host]]), clock)
  await clock.advance(30 * 60_000)
  expect(invoked).toEqual([{ triggerTime: '2026-02-28T18:10:00Z', triggerName: 'nightly', payload: 'nightly' }])
  await clock.advance(60_000)
  expect(invoked).toHaveLength(2)
  stop()
  await clock.advance(3_600_000)
  expect(invoked).toHaveLength(2)
})

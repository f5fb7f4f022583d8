import { readTime } from '../../../functions/employees/readTime'

test.each([[-1], [1.5], [Number.NaN], [2 ** 48], ['99999999999999999'], [''], [null], [{}], ['2026-99-99T00:00:00Z']])(
  '%p is no time',
  (value) => {
    expect(readTime(value)).toBeUndefined()
  },
)

test.each<[string, string | undefined]>([
  // as DingTalk's API prints an approval's
  ['2020-10-10T08:00Z', '2020-10-10T08:00:00.000Z'],
  ['2020-10-10T08:00+08:00', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T08:00-03:30', '2020-10-10T11:30:00.000Z'],
  ['2020-10-10T08:00PRC', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T08:00+08:00[Asia/Shanghai]', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T24:00Z', undefined],
  ['2020-10-10T08:60Z', undefined],
  ['2020-10-10T08:00+25:00', undefined],
  ['2020-10-10T08:00', undefined],
  ['2020-10-10T08:00:000PRC', undefined],
  ['2020-10-10T08:00.000PRC', undefined],
  ['2020-10-10T08:00:00.000PRC', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T08:00:00Asia/Shanghai', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T08:00:00+08:00[Asia/Shanghai]', '2020-10-10T00:00:00.000Z'],
  ['2020-10-10T00:00:00Z[UTC]', '2020-10-10T00:00:00.000Z'],
  ['2020-10-25T02:30:00Europe/Berlin', '2020-10-25T01:30:00.000Z'],
  // an hour and a half before winter begins, and after summer has begun
  ['2020-10-25T01:30:00Europe/Berlin', '2020-10-24T23:30:00.000Z'],
  ['2020-03-08T03:30:00America/New_York', '2020-03-08T07:30:00.000Z'],
  ['2020-10-10T08:00:00Asia/Kolkata', '2020-10-10T02:30:00.000Z'],
  ['2020-10-10T08:00:00UTC', '2020-10-10T08:00:00.000Z'],
  ['2020-07-01T00:00:00America/New_York', '2020-07-01T04:00:00.000Z'],
  ['2020-10-10T08:00:00Nowhere', undefined],
  ['2020-10-10T08:00:00Europe/Nowhere', undefined],
  ['2020-10-10T25:00:00PRC', undefined],
  ['2020-10-10PRC', undefined],
  ['PRC', undefined],
])('the time %s is %s', (text, expected) => {
  const ms = readTime(text)
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected)
})

test.each([
  ['Asia/Shanghai', '2026-01-02 03:04', '2026-01-01T19:04:00.000Z'],
  ['UTC', '2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
  ['Europe/London', '2026-07-02 03:04', '2026-07-02T02:04:00.000Z'],
  ['America/St_Johns', '2026-01-02 03:04', '2026-01-02T06:34:00.000Z'],
  ['Nowhere', '2026-01-02 03:04', undefined],
])('in %s the clock on the wall says %s at %s', (zone, wall, expected) => {
  const ms = readTime(wall, zone)
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected)
})

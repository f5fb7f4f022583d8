import { InvalidSchedule, parseCron } from '../../../emulator/schedule/cron'

/** The moments that follow this one. */
function ticks(schedule: string, from: string, count: number, timeZone?: string): string[] {
  const cron = parseCron(schedule, timeZone)
  const found: string[] = []
  for (let at = Date.parse(from); found.length < count; ) {
    at = cron.next(at)
    found.push(new Date(at).toISOString().replace('.000Z', 'Z'))
  }
  return found
}

test.each<[schedule: string, from: string, ticks: string[]]>([
  // the service's own samples
  ['0 0 * * * *', '2026-01-01T00:30:00Z', ['2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z']],
  ['*/10 * * * * *', '2026-01-01T00:00:55Z', ['2026-01-01T00:01:00Z', '2026-01-01T00:01:10Z']],
  ['0 0 6,19 * * *', '2026-01-01T07:00:00Z', ['2026-01-01T19:00:00Z', '2026-01-02T06:00:00Z']],
  ['0 0 9 * * 1-5', '2026-01-02T09:00:00Z', ['2026-01-05T09:00:00Z', '2026-01-06T09:00:00Z']],
  ['10 * * * * *', '2026-01-01T00:00:09.999Z', ['2026-01-01T00:00:10Z', '2026-01-01T00:01:10Z']],
  ['0 1 * * * *', '2026-01-01T00:01:00Z', ['2026-01-01T01:01:00Z']],
  // after a moment comes the next, never the same
  ['* * * * * *', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z']],
  ['* * * * * *', '2026-12-31T23:59:59.001Z', ['2027-01-01T00:00:00Z']],
  ['5/20 * * * * *', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:05Z', '2026-01-01T00:00:25Z', '2026-01-01T00:00:45Z']],
  [
    '0 10-30/10 0 * * *',
    '2026-01-01T00:00:00Z',
    ['2026-01-01T00:10:00Z', '2026-01-01T00:20:00Z', '2026-01-01T00:30:00Z', '2026-01-02T00:10:00Z'],
  ],
  ['0 0 0 1 * ?', '2026-01-31T12:00:00Z', ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z']],
  ['0 0 0 ? * MON', '2026-01-01T00:00:00Z', ['2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z']],
  ['0 0 0 ? * mon,Fri', '2026-01-01T00:00:00Z', ['2026-01-02T00:00:00Z', '2026-01-05T00:00:00Z']],
  ['0 0 0 * JAN-mar/2 *', '2026-01-31T00:00:00Z', ['2026-03-01T00:00:00Z']],
  ['0 0 0 * * 0', '2026-01-01T00:00:00Z', ['2026-01-04T00:00:00Z']],
  ['0 0 0 * * 7', '2026-01-01T00:00:00Z', ['2026-01-04T00:00:00Z']],
  [
    '0 0 0 * * 5-7',
    '2026-01-01T00:00:00Z',
    ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z', '2026-01-09T00:00:00Z'],
  ],
  ['0 0 0 31 * *', '2026-02-01T00:00:00Z', ['2026-03-31T00:00:00Z', '2026-05-31T00:00:00Z']],
  ['0 0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
  ['0 0 0 29 2 *', '2097-01-01T00:00:00Z', ['2104-02-29T00:00:00Z']],
  ['0 0 0 13 * 5', '2026-01-01T00:00:00Z', ['2026-01-02T00:00:00Z', '2026-01-09T00:00:00Z', '2026-01-13T00:00:00Z']],
  ['  0   0  12 * *  * ', '2026-01-01T00:00:00Z', ['2026-01-01T12:00:00Z']],
])('%s after %s', (schedule, from, expected) => {
  expect(ticks(schedule, from, expected.length)).toEqual(expected)
})

test.each<[timeZone: string | undefined, tick: string]>([
  [undefined, '2026-01-01T09:00:00Z'],
  ['', '2026-01-01T09:00:00Z'],
  ['GMT+0:00', '2026-01-01T09:00:00Z'],
  ['GMT', '2026-01-01T09:00:00Z'],
  ['GMT+8:00', '2026-01-01T01:00:00Z'],
  ['GMT+08:00', '2026-01-01T01:00:00Z'],
  ['GMT+8', '2026-01-01T01:00:00Z'],
  ['UTC+8:00', '2026-01-01T01:00:00Z'],
  ['GMT+5:30', '2026-01-01T03:30:00Z'],
  ['GMT-3:30', '2026-01-01T12:30:00Z'],
  ['GMT-12:00', '2026-01-01T21:00:00Z'],
  ['GMT+14:00', '2026-01-01T19:00:00Z'],
])('09:00 in %s', (timeZone, tick) => {
  expect(ticks('0 0 9 * * *', '2026-01-01T00:00:00Z', 1, timeZone)).toEqual([tick])
})

test('a day of the week and of the month are those of the zone', () => {
  expect(ticks('0 0 1 1 * *', '2026-01-15T00:00:00Z', 1, 'GMT+8:00')).toEqual(['2026-01-31T17:00:00Z'])
  expect(ticks('0 0 22 * * 0', '2026-01-01T00:00:00Z', 1, 'GMT-5:00')).toEqual(['2026-01-05T03:00:00Z'])
})

test.each<[schedule: string, message: RegExp]>([
  ['', /six fields/],
  ['* * * * *', /six fields/],
  ['0 0 0 1 1 ? 2026', /six fields/],
  ['rate(5 minutes)', /six fields/],
  ['@every 5m', /six fields/],
  ['60 * * * * *', /"60" is no second; it must be 0 to 59/],
  ['* 60 * * * *', /no minute/],
  ['* * 24 * * *', /no hour/],
  ['* * * 0 * *', /no day of month; it must be 1 to 31/],
  ['* * * 32 * *', /no day of month/],
  ['* * * * 13 *', /no month; it must be 1 to 12 or JAN to DEC/],
  ['* * * * 0 *', /no month/],
  ['* * * * * 8', /no day of week; it must be 0 to 7 or SUN to SAT/],
  ['* * * * * MONDAY', /no day of week/],
  ['* * * * MON *', /no month/],
  ['? * * * * *', /no second/],
  ['* * * L * ?', /"L" is no day of month/],
  ['* * * 15W * ?', /no day of month/],
  ['* * * ? * 5#2', /no day of week/],
  ['*/0 * * * * *', /no second/],
  ['*/60 * * * * *', /no second/],
  ['*/ * * * * *', /no second/],
  ['*/5/5 * * * * *', /no second/],
  ['1- * * * * *', /no second/],
  ['-1 * * * * *', /no second/],
  ['1-2-3 * * * * *', /no second/],
  ['30-10 * * * * *', /no second/],
  ['1,, * * * * *', /no second/],
  ['1.5 * * * * *', /no second/],
  ['０ * * * * *', /no second/],
  ['0 0 0 30 2 *', /would never come/],
  ['0 0 0 31 2,4,6 ?', /would never come/],
])('%j is refused', (schedule, message) => {
  expect(() => parseCron(schedule)).toThrow(InvalidSchedule)
  expect(() => parseCron(schedule)).toThrow(message)
})

test.each(['Asia/Shanghai', 'GMT+25:00', 'GMT+8:60', 'GMT+15:00', 'GMT-13:00', '+8:00', '8', 'GMT 8', 'CST'])(
  'the time zone %s is refused',
  (timeZone) => {
    expect(() => parseCron('0 0 9 * * *', timeZone)).toThrow(/^TimeZone: must be an offset such as GMT\+8:00/)
  },
)

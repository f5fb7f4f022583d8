import { isRfc3339 } from '../../../shared/isRfc3339'

test.each([
  '2026-11-27T09:30:00Z',
  '2026-11-27t09:30:00z',
  '2026-11-27T09:30:00.1Z',
  '2026-11-27T09:30:00.123456789+08:00',
  '2026-11-27T23:59:59-23:59',
  '2026-11-27T00:00:00+00:00',
  ...['2026-01-01T00:00:00Z', '2026-02-28T00:00:00Z', '2026-10-29T00:00:00Z', '2026-11-30T00:00:00Z'],
  ...['2026-01-31T00:00:00Z', '2026-12-31T00:00:00Z', '2024-02-29T00:00:00Z', '2000-02-29T00:00:00Z'],
  '0000-01-01T00:00:00Z',
])('%s is a time of RFC 3339', (text) => {
  expect(isRfc3339(text)).toBe(true)
})

test.each<[what: string, text: string]>([
  ['nothing', ''],
  ['a word', 'yesterday'],
  ['a date', '2026-11-27'],
  ['no zone', '2026-11-27T09:30:00'],
  ['a blank for the T', '2026-11-27 09:30:00Z'],
  ['a blank before it', ' 2026-11-27T09:30:00Z'],
  ['a line break behind it', '2026-11-27T09:30:00Z\n'],
  ['no seconds', '2026-11-27T09:30Z'],
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['a point without digits', '2026-11-27T09:30:00.Z'],
  ['a comma', '2026-11-27T09:30:00,1Z'],
  ['the 24th hour', '2026-11-27T24:00:00Z'],
  ['the 60th minute', '2026-11-27T09:60:00Z'],
  ['a zone without a colon', '2026-11-27T09:30:00+0800'],
  ['a zone of hours', '2026-11-27T09:30:00+08'],
  ['a zone of 24 hours', '2026-11-27T09:30:00+24:00'],
  ['a zone of 60 minutes', '2026-11-27T09:30:00+08:60'],
  ['no month', '2026-00-27T09:30:00Z'],
  ['the 13th month', '2026-13-27T09:30:00Z'],
  ['no day', '2026-11-00T09:30:00Z'],
  ['the 31st of a month of 30 days', '2026-11-31T09:30:00Z'],
  ['the 30th of February', '2024-02-30T09:30:00Z'],
  ['the 29th of February', '2026-02-29T09:30:00Z'],
  ['the 29th of February 1900', '1900-02-29T09:30:00Z'],
  ['the 32nd', '2026-01-32T09:30:00Z'],
  ['a year of five digits', '12026-11-27T09:30:00Z'],
  ['a month of one digit', '2026-1-27T09:30:00Z'],
])('%s makes it none', (_, text) => {
  expect(isRfc3339(text)).toBe(false)
})

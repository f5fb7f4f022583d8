import { BAD, readTime, readValue } from '../../../functions/employees/readValue'
import type { Reading } from '../../../shared/mapping/mapping'

test.each<[Reading, unknown, unknown]>([
  ['text', 'x', 'x'],
  ['text', ' x ', ' x '],
  ['text', 7, '7'],
  ['text', true, 'true'],
  ['text', 2 ** 53, BAD],
  ['text', 1.5, BAD],
  ['text', {}, BAD],
  ['text', [], BAD],
  ['booleanText', true, 'true'],
  ['booleanText', 'false', 'false'],
  ['booleanText', 1, 'true'],
  ['booleanText', 'yes', BAD],
  ['booleanText', 2, BAD],
  ['boolean', false, 0],
  ['boolean', 'true', 1],
  ['boolean', null, BAD],
  ['integer', 5, 5],
  ['integer', '176292748870660512', '176292748870660512'],
  ['integer', 1.5, BAD],
  ['integer', 2 ** 53, BAD],
  ['integer', '1e3', BAD],
  ['date', '2026-02-28', '2026-02-28'],
  ['date', '2026-02-30', BAD],
  ['date', '2026-13-01', BAD],
  ['date', 1_544_976_000_000, '2018-12-17'],
  ['date', '1544976000000', '2018-12-17'],
  ['date', 'soon', BAD],
  ['time', 1_663_143_335_567, '2022-09-14 08:15:35.567'],
  ['time', '2022-05-13T15:28:29.504+08:00', '2022-05-13 07:28:29.504'],
  ['time', 'later', BAD],
  ['json', [1, { a: null }], '[1,{"a":null}]'],
  ['departmentMap', '{1:false}', '{"1":false}'],
  ['departmentMap', '{499175958:false, 505937693:true}', '{"499175958":false,"505937693":true}'],
  ['departmentMap', '{"1":176292748870660512}', '{"1":176292748870660512}'],
  ['departmentMap', '{}', '{}'],
  ['departmentMap', { 1: false }, '{"1":false}'],
  ['departmentMap', '{1:alert()}', BAD],
  ['departmentMap', '[1]', BAD],
  ['departmentMap', 5, BAD],
])('%s of %j is %p', (reading, value, expected) => {
  expect(readValue(reading, value)).toBe(expected)
})

test.each([[-1], [1.5], [Number.NaN], [2 ** 43], ['99999999999999999'], [''], [null], [{}], ['2026-99-99T00:00:00Z']])(
  '%p is no time',
  (value) => {
    expect(readTime(value)).toBeUndefined()
  },
)

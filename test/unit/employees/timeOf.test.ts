import { saidTime, sequenceOf, timeOf } from '../../../functions/employees/timeOf'
import type { Mapping } from '../../../shared/mapping/mapping'
import { shippedMapping } from '../../support/mapping'

const mapping: Mapping = {
  ...shippedMapping,
  time: [['at'], ['data', 'time'], ['time', 'of'], ['time']],
  sequence: [['n']],
}

const NOW = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const at = (ms: number) => new Date(ms).toISOString()

test.each<[string, object, number]>([
  ['what the event says', { at: NOW - 9 * MINUTE, time: at(NOW - MINUTE) }, NOW - 9 * MINUTE],
  ['years later, as it is replayed', { at: NOW - 1e11, time: at(NOW) }, NOW - 1e11],
  ['its arrival, where it says nothing', { time: at(NOW - MINUTE) }, NOW - MINUTE],
  ['its arrival, a day before', { time: at(NOW - 1440 * MINUTE) }, NOW - 1440 * MINUTE],
  ['the time of publishing, without the other', { aliyunpublishtime: at(NOW - 2 * MINUTE) }, NOW - 2 * MINUTE],
  ['the first of both', { time: at(NOW - MINUTE), aliyunpublishtime: at(NOW - 2 * MINUTE) }, NOW - MINUTE],
  ['the second, where the first is none', { time: 'soon', aliyunpublishtime: at(NOW - MINUTE) }, NOW - MINUTE],
  ['now, where nothing tells', {}, NOW],
  ['five minutes after its arrival', { at: NOW - 5 * MINUTE, time: at(NOW - 10 * MINUTE) }, NOW - 5 * MINUTE],
  ['its arrival, for more', { at: NOW - 5 * MINUTE + 1, time: at(NOW - 10 * MINUTE) }, NOW - 10 * MINUTE],
  ['five minutes after now', { aliyunpublishtime: at(NOW + 5 * MINUTE) }, NOW + 5 * MINUTE],
  ['now, for more', { time: at(NOW + 5 * MINUTE + 1) }, NOW],
  ['the next that is a time', { at: 'x', data: { time: NOW - 3 * MINUTE }, time: at(NOW) }, NOW - 3 * MINUTE],
  ['its arrival, for a sender who knows no time', { at: 0, time: at(NOW) }, NOW],
  ['its arrival, for what looks like seconds', { at: 99_999_999_999, time: at(NOW) }, NOW],
  ['the first that can be one', { at: 100_000_000_000, time: at(NOW) }, 100_000_000_000],
])('an event happened at %s', (_, event, expected) => {
  expect(timeOf(mapping, event as Record<string, unknown>, NOW)).toBe(expected)
})

test.each<[string, object, number | undefined]>([
  ['by its own field', { at: NOW }, NOW],
  ['by a field of its body, whatever its name', { data: { time: NOW } }, NOW],
  ['by a field of one that is named as the time of publishing', { time: { of: NOW } }, NOW],
  ['not by when it was published', { time: at(NOW), aliyunpublishtime: at(NOW) }, undefined],
  ['not without any', {}, undefined],
])('whether an event says when it happened: %s', (_, event, expected) => {
  expect(saidTime(mapping, event as Record<string, unknown>)).toBe(expected)
})

test.each<[string, unknown, bigint]>([
  ['a number', 7, 7n],
  ['its text', '7', 7n],
  ['between blanks', ' 7 ', 7n],
  ['more digits than a number holds', '12345678901234567890', 12_345_678_901_234_567_890n],
  ['nothing', undefined, 0n],
  ['null', null, 0n],
  ['twenty-one digits', '1'.repeat(21), 0n],
  ['a fraction', '1.5', 0n],
  ['a sign', '-1', 0n],
  ['a number with words before it', 'row 7', 0n],
  ['and behind it', '7th', 0n],
  ['true', true, 0n],
  ['an object', {}, 0n],
  ['one whose text would throw', { toString: 1, valueOf: 1 }, 0n],
  ['one whose text is a number', { toString: () => '7' }, 0n],
  ['a list of one', ['7'], 0n],
])('the sequence of an event: %s', (_, n, expected) => {
  expect(sequenceOf(mapping, { n })).toBe(expected)
})

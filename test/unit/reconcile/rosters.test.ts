import fc from 'fast-check'
import { rangesOf } from '../../../functions/reconcile/rosters'

test('every id that there may be is in one range, and every one that there is in the list of that', () => {
  const id = fc.oneof(fc.string({ minLength: 1, maxLength: 5 }), fc.nat({ max: 3000 }).map(String))
  fc.assert(
    fc.property(fc.array(id, { maxLength: 2500, size: 'max' }), fc.array(id), (ids, others) => {
      const ranges = rangesOf(ids)
      const isAfter = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0
      for (const each of ids.length > 0 ? [...ids, ...others] : []) {
        const holding = ranges.filter(
          ({ after, upTo }) => isAfter(each, after) && (upTo === null || !isAfter(each, upTo)),
        )
        expect(holding).toHaveLength(1)
        expect(holding[0]?.ids.includes(each)).toBe(ids.includes(each))
      }
      expect(ranges.every((range) => range.ids.length <= 1000)).toBe(true)
    }),
    { numRuns: 8 },
  )
})

test.each([
  [0, []],
  [1, [1]],
  [1000, [1000]],
  [1001, [501, 500]],
  [3001, [751, 751, 751, 748]],
])('%i ids', (count, sizes) => {
  const ranges = rangesOf(Array.from({ length: count }, (_, index) => `p${index}`))
  expect(ranges.map(({ ids }) => ids.length)).toEqual(sizes)
  // from the first id that there may be to the last, and each to where the next goes on
  const lasts = ranges.slice(0, -1).map(({ ids }) => ids.at(-1))
  expect(ranges.map(({ after }) => after)).toEqual(['', ...lasts].slice(0, ranges.length))
  expect(ranges.map(({ upTo }) => upTo)).toEqual([...lasts, null].slice(0, ranges.length))
})

test('the order is that of the bytes', () => {
  expect(rangesOf(['b', 'a', 'B', '10', '9', 'é', 'z', 'a'])[0]?.ids).toEqual(['10', '9', 'B', 'a', 'b', 'z', 'é'])
})

test('so it is where a character takes two of JavaScript’s', () => {
  expect(rangesOf(['😀', '\uffee', '人', 'a'])[0]?.ids).toEqual(['a', '人', '\uffee', '😀'])
})

test.each<[string, (index: number) => string]>([
  ['the longest that DingTalk has', (index) => String(index).padStart(64, '0')],
  ['of other letters', (index) => `${'人'.repeat(60)}${index}`],
  ['that JSON has to escape', (index) => `${'"'.repeat(60)}${index}`],
])('ids %s leave room in the 64 KB of an event', (_, idOf) => {
  // as two ranges those of 64 characters would have more than 61,000 bytes each
  const ranges = rangesOf(Array.from({ length: 1840 }, (_, index) => idOf(index)))
  expect(ranges.flatMap(({ ids }) => ids)).toHaveLength(1840)
  for (const range of ranges) expect(Buffer.byteLength(JSON.stringify(range.ids))).toBeLessThan(60_002)
})

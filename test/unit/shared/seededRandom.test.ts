import { seededRandom } from '../../../shared/seededRandom'

const times = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw)

/** What mulberry32 draws for these seeds. */
test.each([
  [0, [1144304738, 1416247, 958946056]],
  [7, [50271532, 266108690, 4195786334]],
  [-1, [3850105811, 813802916, 3073704848]],
])('a run of the seed %d can be had again, in any version', (seed, drawn) => {
  const random = seededRandom(seed)
  expect(times(3, () => random.below(2 ** 32))).toEqual(drawn)
})

test('numbers are spread evenly below their bound', () => {
  const random = seededRandom(1)
  const counts = [0, 0, 0, 0, 0]
  for (const number of times(5_000, () => random.below(5))) counts[number] = (counts[number] ?? Number.NaN) + 1
  expect(counts).toHaveLength(5)
  for (const count of counts) {
    expect(count).toBeGreaterThan(900)
    expect(count).toBeLessThan(1_100)
  }
  expect(times(10, () => random.below(1))).toEqual(Array(10).fill(0))
})

test('any of some items is drawn, in the end each', () => {
  const random = seededRandom(2)
  expect(new Set(times(100, () => random.of(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']))
  expect(random.of(['a'])).toBe('a')
})

test('what is shuffled has the same items, in every order equally often, and is another list', () => {
  const random = seededRandom(3)
  const items = ['a', 'b', 'c']
  const orders = new Map<string, number>()
  for (const order of times(6_000, () => random.shuffled(items).join('')))
    orders.set(order, (orders.get(order) ?? 0) + 1)
  expect(items).toEqual(['a', 'b', 'c'])
  expect([...orders.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  for (const count of orders.values()) {
    expect(count).toBeGreaterThan(900)
    expect(count).toBeLessThan(1_100)
  }
  expect(random.shuffled([])).toEqual([])
  expect(random.shuffled(['a'])).toEqual(['a'])
})

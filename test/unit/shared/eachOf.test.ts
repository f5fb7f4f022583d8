import { eachOf } from '../../../shared/eachOf'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('each item is worked on, those that are added as well, and no more at once than allowed', async () => {
  const done: number[] = []
  let running = 0
  await eachOf([1, 2], 3, async (item, add) => {
    expect(++running).toBeLessThanOrEqual(3)
    if (item < 30) for (const next of [item * 2 + 1, item * 2 + 2]) add(next)
    await turn()
    done.push(item)
    running--
  })
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: done.length }, (_, index) => index + 1))
  expect(done.length).toBeGreaterThan(30)
})

test('nothing is nothing', async () => {
  await eachOf([], 3, () => Promise.reject(new Error('no')))
})

test('after the first failure nothing begins, and it is thrown once what is under way has ended', async () => {
  const begun: number[] = []
  let hasEnded = false
  const work = async (item: number) => {
    begun.push(item)
    if (item === 1) throw new Error('first')
    await turn()
    await turn()
    hasEnded = true
    throw new Error('second')
  }
  await expect(eachOf([0, 1, 2, 3], 2, work)).rejects.toThrow('first')
  expect(begun).toEqual([0, 1])
  expect(hasEnded).toBe(true)
})

import { sayWhenSlow } from '../../../cli/targetDatabase'
import { manualClock } from '../../support/manualClock'

function slowly(work: Promise<string>) {
  const clock = manualClock()
  const said: string[] = []
  return { clock, said, result: sayWhenSlow('waiting …', work, clock, (line) => said.push(line)) }
}

test('work that takes long: the line once, and then its result', async () => {
  let finish: (result: string) => void = () => {}
  const { clock, said, result } = slowly(new Promise((resolve) => (finish = resolve)))
  await clock.advance(1_999)
  expect(said).toEqual([])
  await clock.advance(10_000)
  expect(said).toEqual(['waiting …'])
  finish('done')
  expect(await result).toBe('done')
})

test.each<[string, () => Promise<string>]>([
  ['is done', () => Promise.resolve('done')],
  ['fails', () => Promise.reject(new Error('no'))],
])('work that %s soon: no line, and what became of it', async (_, work) => {
  const { clock, said, result } = slowly(work())
  expect(await Promise.allSettled([result])).toEqual(await Promise.allSettled([work()]))
  await clock.advance(10_000)
  expect(said).toEqual([])
})

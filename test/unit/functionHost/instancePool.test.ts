import type { Instance } from '../../../local/functionHost/instance'
import { createInstancePool } from '../../../local/functionHost/instancePool'

const error = { errorMessage: 'too late', errorType: 'Error' }
const over: Instance = {
  call: () => Promise.resolve({ ok: false, error }),
  usable: () => false,
  memoryMb: () => undefined,
  ended: Promise.resolve(error),
  terminate: () => Promise.resolve(),
}

test.each<[string, boolean, unknown[]]>([
  ['after its answer is told, since nobody else heard of it', true, [error]],
  ['in place of an answer is not told again', false, []],
])('an instance that ended before it was given back, %s', async (_, hasAnswered, told) => {
  const heard: unknown[] = []
  const pool = createInstancePool(
    () => over,
    1,
    (ended) => heard.push(ended),
  )
  pool.release(await pool.acquire(), hasAnswered)
  await over.ended
  expect(heard).toEqual(told)
  expect(pool.slots()).toEqual([])
})

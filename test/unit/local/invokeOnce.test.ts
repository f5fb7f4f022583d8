import { EventEmitter, once } from 'node:events'
import type { InvokeResult } from '../../../local/functionHost/functionHost'
import { invokeOnce } from '../../../local/stack/functions'

const answering = (body: string, errorType?: InvokeResult['errorType']) => ({
  invoke: async () => ({ body: Buffer.from(body), ...(errorType && { errorType }) }),
})

test.each([
  ['a result', answering('{"stored":1}'), { answer: '{"stored":1}' }],
  [
    'an error',
    answering('{"errorMessage":"Duplicate entry 小明"}', 'UnhandledInvocationError'),
    { error: 'UnhandledInvocationError', answer: '{"errorMessage":"Duplicate entry 小明"}' },
  ],
  [
    'an error with a code',
    answering('{"errorMessage":"the employees could not be stored (ECONNREFUSED)"}', 'UnhandledInvocationError'),
    {
      error: 'UnhandledInvocationError (ECONNREFUSED)',
      answer: '{"errorMessage":"the employees could not be stored (ECONNREFUSED)"}',
    },
  ],
  ['no such function', undefined, { error: 'there is no such function in s.yaml' }],
])('a synchronous invocation: %s', async (_, host, result) => {
  expect(await invokeOnce(host, '{}', 'id', { async: false })).toEqual(result)
})

test('an asynchronous one is delivered before the function has done its work', async () => {
  const work = new EventEmitter()
  const invoke = async () => {
    await once(work, 'done')
    return { body: Buffer.from('') }
  }
  expect(await invokeOnce({ invoke }, '{}', 'id', { async: true })).toEqual({})
  expect(work.listenerCount('done')).toBe(1)
  work.emit('done')
})

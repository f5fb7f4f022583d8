import { errorCode, errorMessage } from '../../../shared/errorCode'

const throwing = {
  get code() {
    throw new Error('planted')
  },
  get message() {
    throw new Error('planted')
  },
}

test.each<[string, unknown, code: string | undefined, message: string]>([
  ['the system’s', Object.assign(new Error('closed'), { code: 'ECONNRESET' }), 'ECONNRESET', 'closed'],
  ['one without a code', new TypeError('a fault'), undefined, 'a fault'],
  ['one whose code is a number', { code: 5, message: 'five' }, undefined, 'five'],
  ['one whose message is a number', { message: 5 }, undefined, '5'],
  ['an object without a message', { toString: () => 'own text' }, undefined, 'own text'],
  ['one that cannot be read', throwing, undefined, '[object Object]'],
  ['one that cannot be made text', { message: { toString: 1 } }, undefined, 'what was thrown has no text'],
  ['an object of nothing', Object.create(null), undefined, 'what was thrown has no text'],
  ['text', 'closed', undefined, 'closed'],
  ['nothing', undefined, undefined, 'undefined'],
  ['null', null, undefined, 'null'],
])('%s has its code and its message', (_, error, code, message) => {
  expect([errorCode(error), errorMessage(error)]).toEqual([code, message])
})

test('a function with a code is no error', () => {
  expect(errorCode(Object.assign(() => {}, { code: 'ECONNRESET' }))).toBeUndefined()
})

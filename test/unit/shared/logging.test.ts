import { whereFrom } from '../../../shared/logging'

function thrownBy(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('it was taken')
}

const withStack = (stack: unknown) => Object.assign(new Error('planted'), { stack })
/** Its stack was written when it had another one. */
const withMessage = (message: unknown) => {
  const error = new TypeError('a\n  at planted')
  const { stack } = error
  return Object.assign(error, { message, stack })
}

test.each<[string, unknown, RegExp]>([
  ['a fault of ours', new TypeError('planted'), /^TypeError at .*logging\.test\.ts:\d+:\d+\)?( at |$)/],
  ['the system’s', Object.assign(new Error('planted'), { code: 'ENOENT' }), /^Error ENOENT at /],
  ['what quotes lines that look like places', new Error('a\n    at planted:1:2\n  at planted'), /^Error at .*logging/],
  // a parser quotes the text around its fault, line ends and all
  ['a parser’s', thrownBy(() => JSON.parse('x\n at planted')), /^SyntaxError at JSON\.parse/],
  ['one whose message is another by now', withMessage('other'), /^TypeError$/],
  ['one whose message is no text', withMessage({ toString: 1 }), /^TypeError$/],
  ['one without a stack', withStack(undefined), /^Error$/],
  ['one whose stack is no text', withStack(5), /^Error$/],
  ['text', 'planted', /^string$/],
  ['an object', { message: 'planted', stack: 'Error\n    at planted' }, /^object$/],
  ['nothing', undefined, /^undefined$/],
])('of %s no more is told than what it is, and where it was thrown', (_, error, told) => {
  expect(whereFrom(error)).toMatch(told)
  expect(whereFrom(error)).not.toContain('planted')
})

test('five places are told, of however many there are', () => {
  const deep = (level: number): unknown => (level === 0 ? whereFrom(new Error('x')) : [deep(level - 1)].at(0))
  expect(String(deep(9)).match(/ at /g)).toHaveLength(5)
})

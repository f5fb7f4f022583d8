import { startHost, stopHosts } from './hosts'

afterEach(stopHosts)

const invoke = (source: string) => startHost(source, { timeoutMs: 10_000 }).invoke(Buffer.from('"小明"'), 'r')

test.each<[string, string, string]>([
  ['text', "callback(null, 'hello')", 'hello'],
  ['a Buffer', 'callback(null, event)', '"小明"'],
  ['an object', 'callback(null, { a: 1 })', '{"a":1}'],
  ['nothing', 'callback()', ''],
  ['an error that is none', "callback('', 'fine')", 'fine'],
  ['later', "setTimeout(() => callback(null, 'later'), 1)", 'later'],
  ['with a value returned, which counts for nothing', "callback(null, 'first'); return 'returned'", 'first'],
  ['twice: the first counts', "callback(null, 'first'); callback(null, 'second')", 'first'],
  ['and with an error after that: the first counts', "callback(null, 'first'); callback(new Error('late'))", 'first'],
  ['and throws after that: the first counts', "callback(null, 'first'); throw new Error('late')", 'first'],
])('a handler answers by its callback: %s', async (_, body, expected) => {
  expect(await invoke(`exports.handler = (event, context, callback) => { ${body} }`)).toEqual({
    body: Buffer.from(expected),
  })
})

test.each<[string, string, string]>([
  ['an arrow', "exports.handler = (event, context, callback) => setTimeout(() => callback(null, 'x'), 1)", 'x'],
  ['one that is async and calls it first', "exports.handler = async (e, c, callback) => callback(null, 'x')", 'x'],
  [
    'one whose promise comes first',
    "exports.handler = async (e, c, callback) => (setTimeout(callback, 50, null, 'late'), 'x')",
    'x',
  ],
  [
    'one that passes its arguments on',
    "const own = (e, c, callback) => callback(null, 'x'); exports.handler = (...args) => own(...args)",
    'x',
  ],
  ['one that takes no callback and returns', "exports.handler = () => 'x'", 'x'],
])('so does %s', async (_, source, expected) => {
  expect(await invoke(source)).toEqual({ body: Buffer.from(expected) })
})

test.each<[string, string, string, object]>([
  [
    'an Error',
    "callback(new RangeError('far'))",
    'HandledInvocationError',
    { errorMessage: 'far', errorType: 'RangeError', stackTrace: expect.any(Array) },
  ],
  ['text', "callback('no Error')", 'HandledInvocationError', { errorMessage: 'no Error' }],
  [
    'a throw instead',
    "throw new RangeError('far')",
    'UnhandledInvocationError',
    { errorMessage: 'far', errorType: 'RangeError', stackTrace: expect.any(Array) },
  ],
  [
    'a throw where nobody catches it',
    "setTimeout(() => { throw new RangeError('far') }, 1)",
    'UnhandledInvocationError',
    { errorMessage: 'far', errorType: 'RangeError', stackTrace: expect.any(Array) },
  ],
  [
    'JSON that cannot be made',
    'callback(null, 10n)',
    'UnhandledInvocationError',
    { errorMessage: expect.stringMatching(/BigInt/), errorType: 'TypeError', stackTrace: expect.any(Array) },
  ],
])('what it hands over as an error: %s', async (_, body, errorType, error) => {
  const result = await invoke(`exports.handler = (event, context, callback) => { ${body} }`)
  expect(result.errorType).toBe(errorType)
  expect(JSON.parse(result.body.toString())).toEqual(error)
})

test.each(['(event, context, callback) => {}', "(event, context, callback) => 'returned'"])(
  'a callback that is never called: the time limit, %s',
  async (handler) => {
    const host = startHost(`exports.handler = ${handler}`, { timeoutMs: 300 })
    const { body, errorType } = await host.invoke(Buffer.from('{}'), 'r')
    expect(errorType).toBe('UnhandledInvocationError')
    expect(JSON.parse(body.toString())).toEqual({ errorMessage: 'Function timed out after 0.3 seconds' })
  },
)

test('a callback that is called again in the next request answers that one no more', async () => {
  const host = startHost(`
    let before
    exports.handler = (event, context, callback) => {
      if (before) before(null, 'stray')
      before = callback
      setTimeout(() => callback(null, event.toString()), 1)
    }`)
  const answers = [await host.invoke(Buffer.from('1'), 'r'), await host.invoke(Buffer.from('2'), 'r')]
  expect(answers.map(({ body }) => body.toString())).toEqual(['1', '2'])
})

describe('an initializer', () => {
  const initializer = { handler: 'index.initialize', timeoutMs: 10_000 }
  const withInitializer = (body: string, timeoutMs = 10_000) =>
    startHost(
      `let ready = 'not ready'
      exports.initialize = (context, callback) => { ${body} }
      exports.handler = (event, context, callback) => callback(null, ready)`,
      { initializer: { ...initializer, timeoutMs } },
    ).invoke(Buffer.from('{}'), 'r')

  test('is awaited until it calls back', async () => {
    const result = await withInitializer("setTimeout(() => { ready = 'ready'; callback() }, 1)")
    expect(result).toEqual({ body: Buffer.from('ready') })
  })

  test.each<[string, string, object]>([
    ['hands over an error', "callback(new Error('no database'))", { errorMessage: 'no database' }],
    ['throws', "throw new Error('no database')", { errorMessage: 'no database' }],
    ['never calls back', '', { errorMessage: 'Initializer timed out after 0.3 seconds' }],
  ])('that %s is an InitializationError', async (_, body, error) => {
    const result = await withInitializer(body, 300)
    expect(result.errorType).toBe('InitializationError')
    expect(JSON.parse(result.body.toString())).toMatchObject(error)
  })
})

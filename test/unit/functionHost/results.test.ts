import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type StartedHost, startHost, stopHosts } from './hosts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The event is an expression; the result is its value. */
const EVALUATE = 'exports.handler = (event, context) => eval(event.toString())'

describe('a result', () => {
  let host: StartedHost
  beforeAll(() => {
    host = startHost(EVALUATE)
  })
  afterAll(stopHosts)

  test.each<[string, string, Buffer | string]>([
    ['text is its UTF-8 bytes', '"小明"', '小明'],
    ['empty text is empty', '""', ''],
    ['a Buffer is its bytes', 'Buffer.from([0, 255, 10])', Buffer.from([0, 255, 10])],
    ['a part of a Buffer is that part', 'Buffer.from("abcdef").subarray(1, 3)', 'bc'],
    ['a Uint8Array is its bytes', 'new Uint8Array([1, 2])', Buffer.from([1, 2])],
    ['an object is JSON', '({ name: "小明", at: new Date(0) })', '{"name":"小明","at":"1970-01-01T00:00:00.000Z"}'],
    ['a list is JSON', '[1, "2"]', '[1,"2"]'],
    ['a number is JSON', '42', '42'],
    ['null is JSON', 'null', 'null'],
    ['undefined is empty', 'undefined', ''],
    ['a promise is awaited', 'Promise.resolve("later")', 'later'],
  ])('%s', async (_name, expression, expected) => {
    expect(await host.invoke(Buffer.from(expression), 'r')).toEqual({ body: Buffer.from(expected) })
  })

  test('may be large', async () => {
    const { body } = await host.invoke(Buffer.from('Buffer.alloc(8 << 20, "a")'), 'r')
    expect(body.equals(Buffer.alloc(8 << 20, 'a'))).toBe(true)
  })

  test('that was handed over leaves nothing in the host, whose instances live for days', async () => {
    const callOften = async (calls: number) => {
      for (let call = 0; call < calls; call++) await host.invoke(Buffer.from('1'), 'r')
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = await callOften(500)
    const calls = 3000
    expect((await callOften(calls)) - before).toBeLessThan(calls * 300)
  })

  test('the event is a Buffer with the very bytes', async () => {
    const bytes = startHost('exports.handler = (event) => [Buffer.isBuffer(event), ...event]')
    const { body } = await bytes.invoke(Buffer.from([0, 255, 128]), 'r')
    expect(JSON.parse(body.toString())).toEqual([true, 0, 255, 128])
  })

  test("the context is the function's and the request's", async () => {
    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' }
    const described = startHost('exports.handler = (event, context) => context', {
      memoryMb: 96,
      timeoutMs: 10_000,
      context: { region: 'cn-beijing', accountId: '42', credentials },
    })
    const { body } = await described.invoke(Buffer.from('{}'), 'request-1')
    expect(JSON.parse(body.toString())).toEqual({
      requestId: 'request-1',
      function: { name: 'tested-function', handler: 'index.handler', memory: 96, timeout: 10 },
      region: 'cn-beijing',
      accountId: '42',
      credentials,
    })
  })

  describe('that is an error', () => {
    test.each<[string, string, object]>([
      ['a throw', 'f = () => { throw new TypeError("bad") }, f()', { errorMessage: 'bad', errorType: 'TypeError' }],
      ['a rejection', 'Promise.reject(new RangeError("far"))', { errorMessage: 'far', errorType: 'RangeError' }],
      ['an Error with a name of its own', named('Retryable'), { errorMessage: 'again', errorType: 'Retryable' }],
      ['JSON that cannot be made', '10n', { errorMessage: expect.stringMatching(/BigInt/), errorType: 'TypeError' }],
    ])('%s has a message, type and stack', async (_name, expression, expected) => {
      const { body, errorType } = await host.invoke(Buffer.from(expression), 'r')
      expect(errorType).toBe('UnhandledInvocationError')
      const error = JSON.parse(body.toString())
      expect(error).toEqual({ ...expected, stackTrace: expect.any(Array) })
      expect(error.stackTrace[0]).toContain(error.errorMessage)
      expect(error.stackTrace[1]).toMatch(/^ {4}at /)
    })

    function named(name: string): string {
      return `Promise.reject(Object.assign(new Error("again"), { name: "${name}" }))`
    }

    test.each([
      ['text', 'Promise.reject("no Error")', 'no Error'],
      ['undefined', 'Promise.reject()', 'undefined'],
      ['an object', 'Promise.reject({ code: 1 })', '{ code: 1 }'],
    ])('a rejection with %s has a message only', async (_name, expression, errorMessage) => {
      const { body, errorType } = await host.invoke(Buffer.from(expression), 'r')
      expect(errorType).toBe('UnhandledInvocationError')
      expect(JSON.parse(body.toString())).toEqual({ errorMessage })
    })

    test('leaves the instance in use', async () => {
      const id = () => host.invoke(Buffer.from('process.env.FC_INSTANCE_ID'), 'r')
      const before = await id()
      await host.invoke(Buffer.from('Promise.reject(new Error("bad"))'), 'r')
      expect(await id()).toEqual(before)
    })
  })
})

import { waitFor } from '../../support/waitFor'
import { createGate, GATED, startHost, stopHosts } from './hosts'

afterEach(stopHosts)

const HEALTHY = 'healthy'
/** Does what is given when the event is "crash"; else answers. */
const crashing = (statement: string) => `
  exports.handler = async (event) => {
    if (event.toString() !== 'crash') return '${HEALTHY}'
    ${statement}
    await new Promise(() => {})
  }`

describe('a request whose instance ends is answered with an error, and the next one has a new instance', () => {
  test.each<[string, string, object]>([
    ['process.exit', 'process.exit(3)', exited('exit code: 3')],
    ['process.exit with success', 'process.exit()', exited('exit code: 0')],
    ['an exception that nobody catches', 'setImmediate(() => { throw new RangeError("later") })', thrown('later')],
    ['a rejection that nobody handles', 'Promise.reject(new RangeError("lost"))', thrown('lost')],
    ['memory that runs out', 'for (const all = [];;) all.push({ more: [1, 2, 3] })', exited('out of memory: 32 MB')],
  ])('%s', async (_name, statement, expected) => {
    const host = startHost(crashing(statement), { memoryMb: 32 })
    const { body, errorType } = await host.invoke(Buffer.from('crash'), 'r')
    expect(errorType).toBe('UnhandledInvocationError')
    expect(JSON.parse(body.toString())).toEqual(expected)
    expect(await host.invoke(Buffer.from('go'), 'r')).toEqual({ body: Buffer.from(HEALTHY) })
    expect(host.instances()).toBe(1)
  })

  test.each([
    ['an endless loop', 'for (;;);'],
    ['a promise that never settles', ''],
  ])('%s is ended at the timeout', async (_name, statement) => {
    const host = startHost(crashing(statement), { timeoutMs: 200 })
    const { body, errorType } = await host.invoke(Buffer.from('crash'), 'r')
    expect(errorType).toBe('UnhandledInvocationError')
    expect(JSON.parse(body.toString())).toEqual({ errorMessage: 'Function timed out after 0.2 seconds' })
    await waitFor(() => host.instances() === 0)
  })

  test('no sooner, and an answer in time leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] })
    try {
      const host = startHost(GATED, { timeoutMs: 10_000 })
      for (const name of ['in time', 'late']) {
        const gate = createGate(name)
        const result = host.invoke(Buffer.from(name), name)
        await gate.started
        jest.advanceTimersByTime(9_999)
        if (name === 'late') jest.advanceTimersByTime(1)
        gate.open()
        expect((await result).errorType).toBe(name === 'late' ? 'UnhandledInvocationError' : undefined)
        expect(jest.getTimerCount()).toBe(0)
      }
    } finally {
      jest.useRealTimers()
    }
  })

  function exited(detail: string) {
    return { errorMessage: `Process exited unexpectedly before completing request (${detail})` }
  }
  function thrown(errorMessage: string) {
    return {
      errorMessage,
      errorType: 'RangeError',
      stackTrace: expect.arrayContaining([`RangeError: ${errorMessage}`]),
    }
  }
})

test('a request that waits for the instance that ends has a new one', async () => {
  const host = startHost(crashing('process.exit(1)'))
  const crash = host.invoke(Buffer.from('crash'), 'r')
  const waiting = host.invoke(Buffer.from('go'), 'r')
  expect((await crash).errorType).toBe('UnhandledInvocationError')
  expect(await waiting).toEqual({ body: Buffer.from(HEALTHY) })
})

test('a crash does not harm a request in another instance', async () => {
  const host = startHost(
    `${GATED}
    const gated = exports.handler
    exports.handler = (event) => (event.toString() === 'crash' ? process.exit(1) : gated(event))`,
    { maxInstances: 2 },
  )
  const gate = createGate('beside a crash')
  const beside = host.invoke(Buffer.from('beside a crash'), 'r')
  await gate.started
  expect((await host.invoke(Buffer.from('crash'), 'r')).errorType).toBe('UnhandledInvocationError')
  gate.open()
  expect((await beside).errorType).toBeUndefined()
})

test('an exception after the answer ends the idle instance, is logged, and the next request has a new one', async () => {
  const host = startHost(`
    exports.handler = async (event) => {
      if (event.toString() === 'crash') setImmediate(() => { throw new Error('too late') })
      return process.env.FC_INSTANCE_ID
    }`)
  const first = await host.invoke(Buffer.from('crash'), 'r')
  expect(first.errorType).toBeUndefined()
  await waitFor(() => host.lines.length > 0)
  expect(host.lines).toEqual(['An idle instance ended: Error: too late'])
  expect(host.instances()).toBe(0)
  const second = await host.invoke(Buffer.from('go'), 'r')
  expect(second.errorType).toBeUndefined()
  expect(second.body).not.toEqual(first.body)
})

describe('a bundle that cannot be loaded', () => {
  test.each<[string, string, string, RegExp]>([
    ['has a syntax error', 'exports.handler = (', 'index.handler', /^Unexpected end of input|^Unexpected token/],
    ['throws', 'throw new Error("at load")', 'index.handler', /^at load$/],
    ['lacks the file', '', 'main.handler', /has no main\.js or main\.mjs, .* It holds index\.js$/],
    [
      'lacks the export',
      'exports.other = () => {}',
      'index.handler',
      /^index\.js exports no function handler\. It exports other$/,
    ],
    [
      'exports no function',
      'exports.handler = 1',
      'index.handler',
      /^index\.js exports no function handler\. It exports none at all$/,
    ],
    [
      'has a handler without a dot',
      'exports.handler = () => {}',
      'handler',
      /^The handler handler must be a file and what it exports/,
    ],
  ])('because it %s is an error of the request', async (_name, source, handler, message) => {
    const host = startHost(source, { handler })
    const { body, errorType } = await host.invoke(Buffer.from('{}'), 'r')
    expect(errorType).toBe('UnhandledInvocationError')
    expect(JSON.parse(body.toString()).errorMessage).toMatch(message)
  })
})

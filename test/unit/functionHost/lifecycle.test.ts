import { GROW_AFTER_MS, IDLE_MS } from '../../../local/functionHost/instancePool'
import { manualClock } from '../../support/manualClock'
import { waitFor } from '../../support/waitFor'
import { createGate, GATED, startHost, stopHosts } from './hosts'

afterEach(stopHosts)

describe('the initializer', () => {
  const initializer = { handler: 'index.initialize', timeoutMs: 60_000 }
  const COUNTING = `
    let calls = []
    exports.initialize = async (...args) => { calls.push(args.map((each) => typeof each === 'function' ? 'callback' : each)) }
    exports.handler = () => calls`

  test('is called before the first request, with the context and a callback, and once', async () => {
    const host = startHost(COUNTING, { initializer })
    await host.invoke(Buffer.from('{}'), 'first')
    const { body } = await host.invoke(Buffer.from('{}'), 'second')
    expect(JSON.parse(body.toString())).toEqual([
      [expect.objectContaining({ requestId: 'first', region: 'cn-hangzhou' }), 'callback'],
    ])
  })

  test('that is not defined is not called', async () => {
    const host = startHost(COUNTING)
    expect(await host.invoke(Buffer.from('{}'), 'r')).toEqual({ body: Buffer.from('[]') })
  })

  test('that fails is an InitializationError, and is called again with the next request, until it succeeds', async () => {
    const host = startHost(
      `let calls = 0
      exports.initialize = async () => { if (++calls < 3) throw new TypeError('not yet ' + calls) }
      exports.handler = () => calls`,
      { initializer },
    )
    const invoke = () => host.invoke(Buffer.from('{}'), 'r')
    for (const errorMessage of ['not yet 1', 'not yet 2']) {
      const { body, errorType } = await invoke()
      expect(errorType).toBe('InitializationError')
      expect(JSON.parse(body.toString())).toMatchObject({ errorMessage, errorType: 'TypeError' })
    }
    expect(await invoke()).toEqual({ body: Buffer.from('3') })
    expect(await invoke()).toEqual({ body: Buffer.from('3') })
    expect(host.instances()).toBe(1)
  })

  test('that takes too long is an InitializationError, and a new instance tries again', async () => {
    const host = startHost(
      `const fs = require('node:fs')
      const marker = __dirname + '/tried'
      exports.initialize = () => {
        if (fs.existsSync(marker)) return
        fs.writeFileSync(marker, '')
        for (;;);
      }
      exports.handler = () => 'initialized'`,
      { initializer: { handler: 'index.initialize', timeoutMs: 2000 } },
    )
    const first = await host.invoke(Buffer.from('{}'), 'r')
    expect(first.errorType).toBe('InitializationError')
    expect(JSON.parse(first.body.toString())).toEqual({ errorMessage: 'Initializer timed out after 2 seconds' })
    await waitFor(() => host.instances() === 0)
    expect(await host.invoke(Buffer.from('{}'), 'r')).toEqual({ body: Buffer.from('initialized') })
  })

  test('of a bundle that cannot be loaded is an InitializationError', async () => {
    const host = startHost('throw new Error("at load")', { initializer })
    expect((await host.invoke(Buffer.from('{}'), 'r')).errorType).toBe('InitializationError')
  })
})

describe('stop', () => {
  const preStop = { handler: 'index.preStop', timeoutMs: 60_000 }

  test('calls preStop once in each instance, with the context and a callback, however often it is called', async () => {
    const host = startHost(
      `${GATED}
      exports.preStop = async (...args) => console.log(args.length, args[0].region, process.env.FC_INSTANCE_ID)`,
      {
        preStop,
        maxInstances: 2,
      },
    )
    const gates = ['stop 1', 'stop 2'].map(createGate)
    const results = ['stop 1', 'stop 2'].map((name) => host.invoke(Buffer.from(name), name))
    for (const { started } of gates) await started
    for (const { open } of gates) open()
    const ids = (await Promise.all(results)).map(({ body }) => body.toString())

    await Promise.all([host.stop(), host.stop()])
    await host.stop()
    expect(host.lines.toSorted()).toEqual(ids.map((id) => `2 cn-hangzhou ${id}`).toSorted())
    expect(host.instances()).toBe(0)
  })

  test.each([
    ['throws', 60_000, 'throw new Error("no")', 'preStop failed: Error: no'],
    ['takes too long', 200, 'for (;;);', 'preStop failed: PreStop timed out after 0.2 seconds'],
    [
      'exits',
      60_000,
      'process.exit(1)',
      'preStop failed: Process exited unexpectedly before completing request (exit code: 1)',
    ],
  ])('logs a preStop that %s, and ends the instance all the same', async (_name, timeoutMs, statement, line) => {
    const host = startHost(`exports.handler = () => 1; exports.preStop = async () => { ${statement} }`, {
      preStop: { handler: 'index.preStop', timeoutMs },
    })
    await host.invoke(Buffer.from('{}'), 'r')
    await host.stop()
    expect(host.lines).toEqual([line])
    expect(host.instances()).toBe(0)
  })

  test('lets the request under way finish, and refuses those that wait or come later', async () => {
    const host = startHost(GATED)
    const gate = createGate('finish')
    const underWay = host.invoke(Buffer.from('finish'), 'r')
    await gate.started
    const waiting = host.invoke(Buffer.from('waits'), 'r')
    const stopped = host.stop()
    const refusal = 'tested-function is stopping and takes no more requests'
    await expect(waiting).rejects.toThrow(refusal)
    await expect(host.invoke(Buffer.from('late'), 'r')).rejects.toThrow(refusal)
    gate.open()
    expect((await underWay).errorType).toBeUndefined()
    await stopped
    expect(host.instances()).toBe(0)
  })

  test('ends a request that does not finish, at its timeout', async () => {
    const host = startHost('exports.handler = () => new Promise(() => {})', { timeoutMs: 200, preStop })
    const underWay = host.invoke(Buffer.from('{}'), 'r')
    await host.stop()
    expect((await underWay).errorType).toBe('UnhandledInvocationError')
    expect(host.lines).toEqual(['Request r failed: Function timed out after 0.2 seconds'])
    expect(host.instances()).toBe(0)
  })

  test('and so is an instance that was idle for long, but for one', async () => {
    const clock = manualClock()
    const host = startHost(
      `${GATED}
      exports.preStop = () => console.log(process.env.FC_INSTANCE_ID)`,
      { preStop, maxInstances: 2 },
      clock,
    )
    const gates = ['rest 1', 'rest 2'].map(createGate)
    const results = ['rest 1', 'rest 2'].map((name) => host.invoke(Buffer.from(name), name))
    await gates[0]?.started
    await clock.advance(GROW_AFTER_MS)
    await gates[1]?.started
    gates[0]?.open()
    const [first] = await Promise.all(results.slice(0, 1))
    gates[1]?.open()
    await Promise.all(results)
    await clock.advance(IDLE_MS)
    await waitFor(() => host.instances() === 1)
    expect(host.lines).toEqual([first?.body.toString()])
    await host.stop()
    expect(host.lines).toHaveLength(2)
  })

  test('of a host that was never used does nothing', async () => {
    const host = startHost('', { preStop })
    await host.stop()
    expect(host.lines).toEqual([])
  })
})

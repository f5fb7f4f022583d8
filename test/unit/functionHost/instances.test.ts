import { createGate, GATED, startHost, stopHosts } from './hosts'

afterEach(stopHosts)

describe('the environment', () => {
  const SHOW_ENV = 'exports.handler = () => process.env'
  const seenBy = async (host: ReturnType<typeof startHost>) =>
    JSON.parse((await host.invoke(Buffer.from('{}'), 'r')).body.toString())

  test("is the function's own and what Function Compute sets, and nothing of the shell", async () => {
    expect(process.env).toHaveProperty('PATH')
    const host = startHost(SHOW_ENV, { env: { EVENT_BUS_NAME: 'hr', FC_REGION: 'reserved' }, memoryMb: 96 })
    expect(await seenBy(host)).toEqual({
      EVENT_BUS_NAME: 'hr',
      FC_FUNC_CODE_PATH: host.folder,
      FC_FUNCTION_NAME: 'tested-function',
      FC_FUNCTION_HANDLER: 'index.handler',
      FC_FUNCTION_MEMORY_SIZE: '96',
      FC_REGION: 'cn-hangzhou',
      FC_ACCOUNT_ID: '123456789012',
      FC_INSTANCE_ID: expect.stringMatching(/^c-/),
    })
  })

  test("holds the role's credentials, if there is a role", async () => {
    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' }
    const host = startHost(SHOW_ENV, { context: { region: 'r', accountId: 'a', credentials } })
    expect(await seenBy(host)).toMatchObject({
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'token',
    })
  })

  test('of one function is not that of another, nor of the host', async () => {
    const write = 'exports.handler = () => { process.env.WRITTEN = "here"; return process.env }'
    const one = startHost(write, { env: { MINE: '1' } })
    const two = startHost(SHOW_ENV, { env: { MINE: '2' } })
    expect(await seenBy(one)).toMatchObject({ MINE: '1', WRITTEN: 'here' })
    expect(await seenBy(two)).toMatchObject({ MINE: '2' })
    expect(await seenBy(two)).not.toHaveProperty('WRITTEN')
    expect(process.env).not.toHaveProperty('WRITTEN')
  })

  test('has none of the options that the host was started with', async () => {
    const host = startHost('exports.handler = () => process.execArgv')
    expect(await seenBy(host)).toEqual([])
  })
})

describe('instances', () => {
  test('have the memory of the definition', async () => {
    const host = startHost("exports.handler = () => require('node:worker_threads').resourceLimits", { memoryMb: 96 })
    const { body } = await host.invoke(Buffer.from('{}'), 'r')
    expect(JSON.parse(body.toString())).toMatchObject({ maxOldGenerationSizeMb: 96 })
  })

  test('serve one request at a time', async () => {
    const host = startHost(`
      let atOnce = 0
      exports.handler = async () => {
        const seen = ++atOnce
        await new Promise(setImmediate)
        atOnce--
        return seen
      }`)
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((id) => host.invoke(Buffer.from('{}'), id)))
    expect(results.map(({ body }) => body.toString())).toEqual(['1', '1', '1', '1'])
    expect(host.instances()).toBe(1)
  })

  test('are added on demand up to the limit; further requests wait and come in order', async () => {
    const host = startHost(GATED, { maxInstances: 2 })
    const names = ['grow 1', 'grow 2', 'grow 3', 'grow 4']
    const gates = names.map(createGate)
    const order: string[] = []
    expect(host.instances()).toBe(0)
    const results = names.map(async (name, index) => {
      const result = host.invoke(Buffer.from(name), name)
      void gates[index]?.started.then(() => order.push(name))
      return (await result).body.toString()
    })

    await Promise.all([gates[0]?.started, gates[1]?.started])
    expect(host.instances()).toBe(2)
    expect(order.toSorted()).toEqual(['grow 1', 'grow 2'])
    gates[0]?.open()
    await gates[2]?.started
    gates[1]?.open()
    await gates[3]?.started
    expect(order.slice(2)).toEqual(['grow 3', 'grow 4'])
    gates[2]?.open()
    gates[3]?.open()

    const [first, second, third, fourth] = await Promise.all(results)
    expect(host.instances()).toBe(2)
    expect([third, fourth]).toEqual([first, second])
  })

  test('are used again, the most recently used first', async () => {
    const host = startHost(GATED, { maxInstances: 2 })
    const run = (name: string) => {
      const gate = createGate(name)
      const result = host.invoke(Buffer.from(name), name).then(({ body }) => body.toString())
      return { ...gate, result }
    }
    const one = run('reuse 1')
    const two = run('reuse 2')
    await Promise.all([one.started, two.started])
    two.open()
    const id2 = await two.result
    one.open()
    const id1 = await one.result
    expect(id1).not.toBe(id2)

    const next = run('reuse 3')
    await next.started
    next.open()
    expect(await next.result).toBe(id1)
    expect(host.instances()).toBe(2)
  })
})

import { once } from 'node:events'
import { type Door, listenHere, type OwnServer } from '../../../shared/ownServer'
import { sendJson } from '../../../shared/sendJson'
import { UserError } from '../../../shared/userError'
import { sendRaw } from '../../support/rawHttp'

const OPTIONS = {
  port: 0,
  elsewhere: (_req, res) => sendJson(res, 404, { code: 'NotFound' }),
  hint: (port) => `PORT=${port} npm start`,
} satisfies Parameters<typeof listenHere>[0]

let server: OwnServer
let printed: jest.SpyInstance

beforeEach(async () => {
  printed = jest.spyOn(console, 'error').mockImplementation(() => {})
  server = await listenHere(OPTIONS)
})

afterEach(async () => {
  await server.close()
  printed.mockRestore()
})

const ask = async (path: string) => {
  const answer = await fetch(`${server.url}${path}`, { headers: { connection: 'close' } })
  return [answer.status, await answer.json()]
}

const answering =
  (value: unknown): Door =>
  async (_req, res) =>
    sendJson(res, 200, value)

test('it has the port that was free', () => {
  expect(server.port).toBeGreaterThan(0)
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
})

test('until it is opened, it says that it is starting', async () => {
  const starting = [503, { code: 'Starting', message: 'It is starting or stopping. Try again.' }]
  expect(await ask('/a')).toEqual(starting)
  server.open(({ url }) => (url === '/a' ? answering('a') : undefined))
  expect(await ask('/a')).toEqual([200, 'a'])
  expect(await ask('/b')).toEqual([404, { code: 'NotFound' }])
})

test('a host that is not its own is refused, open or not', async () => {
  const askAs = async (host: string) => {
    const answer = await sendRaw(server.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    return [answer.status, JSON.parse(String(answer.body))]
  }
  const message = `This host is not served. Use http://127.0.0.1:${server.port}.`
  expect(await askAs('attacker.example')).toEqual([403, { code: 'Forbidden', message }])
  server.open(() => answering('a'))
  expect(await askAs('attacker.example')).toEqual([403, { code: 'Forbidden', message }])
  expect(await askAs('localhost')).toEqual([200, 'a'])
})

test('a query of half a megabyte is taken', async () => {
  server.open(({ url }) => answering(url?.length))
  expect(await ask(`/?a=${'x'.repeat(500_000)}`)).toEqual([200, 500_004])
})

test.each<[string, Door]>([
  [
    'at once',
    () => {
      throw new Error('planted')
    },
  ],
  ['later', () => Promise.reject(new Error('planted'))],
])('a door that fails %s is answered for, and its error printed', async (_, door) => {
  server.open(() => door)
  expect(await ask('/')).toEqual([500, { code: 'InternalError', message: 'It failed. Its output says why.' }])
  expect(printed).toHaveBeenCalledWith(new Error('planted'))
})

test('one that fails when it has answered is not answered for again', async () => {
  server.open(() => async (_req, res) => {
    sendJson(res, 200, 'a')
    throw new Error('planted')
  })
  expect(await ask('/')).toEqual([200, 'a'])
  expect(printed.mock.calls).toEqual([[new Error('planted')]])
})

test('it ends streams, and waits for what is under way, when it is closed', async () => {
  let finish = () => {}
  const ends = jest.fn(() => finish())
  const entered = new Promise<void>((inside) => {
    server.open(
      () => async (_req, res) => {
        await new Promise<void>((resolve) => {
          finish = resolve
          inside()
        })
        sendJson(res, 200, 'late')
      },
      ends,
    )
  })
  const asked = ask('/')
  await entered
  const closed = server.close()
  expect(ends).toHaveBeenCalled()
  expect(await asked).toEqual([200, 'late'])
  await closed
  await expect(fetch(server.url)).rejects.toThrow()
})

test('a request that never ends keeps it from closing for five seconds', async () => {
  const gone = new Promise<unknown>((resolve) => {
    server.open(() => async (_req, res) => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
      const closed = server.close()
      jest.advanceTimersByTime(5_000)
      jest.useRealTimers()
      await Promise.all([closed, once(res, 'close')])
      resolve(res.writableFinished)
    })
  })
  await expect(ask('/')).rejects.toThrow()
  expect(await gone).toBe(false)
})

test('a port that is taken: what to do', async () => {
  const { port } = server
  await expect(listenHere({ ...OPTIONS, port })).rejects.toThrow(
    new UserError(`Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`),
  )
})

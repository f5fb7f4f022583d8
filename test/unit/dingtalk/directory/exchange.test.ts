import http, { type ServerResponse } from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
import { systemClock } from '../../../../shared/clock'
import { createExchange, type Exchange } from '../../../../shared/dingtalk/directory/exchange'
import { manualClock } from '../../../support/manualClock'
import { startHearing } from '../../../support/startHearing'
import { waitFor } from '../../../support/waitFor'

const call = { method: 'GET', headers: {}, timeLimitMs: 600_000 } as const
let server: http.Server
let exchange: Exchange
let sockets: Socket[]
let answer: (res: ServerResponse) => void
const url = () => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
const send = () => exchange.send(url(), call)

beforeEach(async () => {
  sockets = []
  exchange = createExchange(systemClock)
  server = http.createServer((req, res) => {
    sockets.push(req.socket)
    answer(res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => {
  exchange.close()
  server.closeAllConnections()
  server.close()
})

test('answers are read whole, whatever their pieces cut through, on one connection', async () => {
  const [first, second] = [Buffer.from('小明').subarray(0, 2), Buffer.from('小明').subarray(2)]
  answer = (res) => {
    res.write(first)
    setImmediate(() => res.end(second))
  }
  expect(await send()).toEqual({ status: 200, text: '小明' })
  expect(await send()).toEqual({ status: 200, text: '小明' })
  expect(new Set(sockets).size).toBe(1)
})

test('what is sent says that it is JSON, how long it is, and that JSON is wanted', async () => {
  const asked = new Promise<http.IncomingMessage>((resolve) => server.once('request', resolve))
  answer = (res) => res.end()
  await exchange.send(url(), { ...call, method: 'POST', headers: { 'x-token': 'a' }, body: '{"name":"小明"}' })
  const { method, headers } = await asked
  expect(method).toBe('POST')
  expect(headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    'content-length': '17',
    'x-token': 'a',
  })
})

test('without a body nothing is said about one', async () => {
  const asked = new Promise<http.IncomingMessage>((resolve) => server.once('request', resolve))
  answer = (res) => res.end()
  await send()
  expect(Object.keys((await asked).headers)).toEqual(['accept', 'host', 'connection'])
})

test('once the answer is there its time limit is not waited for', async () => {
  const clock = manualClock()
  const { send: sendTimed, close } = createExchange(clock)
  answer = (res) => res.end()
  await sendTimed(url(), call)
  await waitFor(() => clock.waiting() === 0)
  close()
})

test('a connection that is to speak another protocol is no answer', async () => {
  answer = ({ socket }) =>
    socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')
  await expect(send()).rejects.toMatchObject({ name: 'ConnectionFailed', code: 'Http101' })
})

test('closed, it keeps no connection', async () => {
  answer = (res) => res.end()
  await send()
  exchange.close()
  await waitFor(() => sockets.every(({ destroyed }) => destroyed))
})

test.each(['http:', 'https:'])('closed, it waits for no answer: %s', async (protocol) => {
  const silent = net.createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<Socket>((resolve) => silent.once('connection', resolve))
  const address = new URL(`${protocol}//127.0.0.1:${(silent.address() as AddressInfo).port}/`)
  const given = expect(exchange.send(address, call)).rejects.toMatchObject({ name: 'ConnectionFailed' })
  const socket = await accepted
  exchange.close()
  await given
  socket.destroy()
  silent.close()
})

test('one that breaks off is no answer', async () => {
  answer = (res) => {
    res.writeHead(200, { 'content-length': 99 }).write('{')
    setImmediate(() => res.destroy())
  }
  await expect(send()).rejects.toMatchObject({ name: 'ConnectionFailed', code: 'ECONNRESET' })
})

test('one without an end is not read to its end, and its connection is closed', async () => {
  answer = (res) => {
    const more = () => {
      while (res.write('x'.repeat(1_048_576)));
      res.once('drain', more)
    }
    more()
  }
  await expect(send()).rejects.toMatchObject({ name: 'ConnectionFailed', code: 'AnswerTooLarge' })
  await waitFor(() => sockets.every(({ destroyed }) => destroyed))
})

test('to an https address nothing is said in plain text', async () => {
  const hearing = await startHearing()
  const address = new URL(`https://127.0.0.1:${hearing.port}/`)
  await expect(exchange.send(address, call)).rejects.toMatchObject({ name: 'ConnectionFailed' })
  hearing.close()
  expect(hearing.firstBytes).toEqual([22])
})

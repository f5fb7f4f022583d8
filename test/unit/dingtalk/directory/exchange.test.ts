import http, { type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { systemClock } from '../../../../shared/clock'
import { createExchange, type Exchange } from '../../../../shared/dingtalk/directory/exchange'
import { startHearing } from '../../../support/firstBytes'
import { waitFor } from '../../../support/waitFor'

const call = { method: 'GET', headers: {}, timeLimitMs: 600_000 } as const
let server: http.Server
let exchange: Exchange
let sockets: Socket[]
let answer: (res: ServerResponse) => void
const send = () => exchange.send(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), call)

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
  const url = new URL(`https://127.0.0.1:${hearing.port}/`)
  await expect(exchange.send(url, call)).rejects.toMatchObject({ name: 'ConnectionFailed' })
  hearing.close()
  expect(hearing.firstBytes).toEqual([22])
})

import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { readBody } from '../../../shared/readBody'

let server: http.Server

beforeEach(async () => {
  server = http.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** What the server has of a request of which so much is sent; the socket is the sender's. */
async function received(text: string): Promise<{ req: IncomingMessage; socket: net.Socket }> {
  const arrived = once(server, 'request')
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n${text}`)
  const [req] = (await arrived) as [IncomingMessage]
  return { req, socket }
}

test('a body is read whole', async () => {
  const { req, socket } = await received('Mi')
  const body = readBody(req, 4)
  socket.write('ng')
  expect(String(await body)).toBe('Ming')
})

test('one over the limit is none', async () => {
  const { req } = await received('Ming')
  expect(await readBody(req, 3)).toBeUndefined()
})

test('one that breaks off is an error', async () => {
  const { req, socket } = await received('Mi')
  const body = readBody(req, 4)
  socket.destroy()
  await expect(body).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('one whose sender was gone before it is read is an error, too', async () => {
  const { req, socket } = await received('Mi')
  const closed = new Promise((resolve) => req.once('close', resolve))
  socket.destroy()
  await closed
  await expect(readBody(req, 4)).rejects.toThrow('the body cannot be read any more')
})

test('so is one that has been read', async () => {
  const { req } = await received('Ming')
  await readBody(req, 4)
  await expect(readBody(req, 4)).rejects.toThrow('the body cannot be read any more')
})

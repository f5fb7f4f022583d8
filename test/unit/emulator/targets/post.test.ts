import type { ServerResponse } from 'node:http'
import { post } from '../../../../emulator/targets/post'
import { startServer, type TestServer } from '../../../support/rawHttp'

let server: TestServer

afterEach(() => server.close())

test.each<[string, (res: ServerResponse) => void]>([
  ['never answers', () => {}],
  ['never ends its answer', (res) => res.write('begins')],
])('a server that %s is left after the time limit', async (_, answer) => {
  server = await startServer((_req, res) => answer(res))
  const url = new URL(`http://127.0.0.1:${server.port}/?token=T`)
  await expect(post(url, '{}', { headers: {}, timeoutMs: 50 })).rejects.toThrow(/^no answer within 0.05 s$/)
})

test('of a long answer the beginning is kept', async () => {
  server = await startServer((_, res) => res.end('é'.repeat(1_000_000)))
  const url = new URL(`http://127.0.0.1:${server.port}/`)
  const { status, body } = await post(url, '{}', { headers: {}, timeoutMs: 60_000 })
  expect([status, body]).toEqual([200, 'é'.repeat(32 * 1024)])
})

test('what cannot be sent is a code at once, without the text', async () => {
  server = await startServer((_, res) => res.end())
  const url = new URL(`http://127.0.0.1:${server.port}/`)
  const sending = post(url, '{}', { headers: { 'x-hush': 'hush\n' }, timeoutMs: 60_000 })
  await expect(sending).rejects.toThrow(/^no answer: ERR_INVALID_CHAR$/)
})

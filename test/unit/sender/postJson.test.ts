import { postJson } from '../../../local/sender/requests'
import { readBody } from '../../../shared/readBody'
import { startServer, type TestServer } from '../../support/rawHttp'
import { waitFor } from '../../support/waitFor'

let server: TestServer
let received: string[]
let url: URL

beforeEach(async () => {
  received = []
  server = await startServer(async (req, res) => {
    received.push(`${req.method} ${req.headers['content-type']} ${req.headers['x-test']} ${await readBody(req, 100)}`)
    if (req.url === '/moved') res.writeHead(307, { location: '/' }).end('moved')
    else if (req.url !== '/silent') res.end('{"taken":true}')
  })
  url = new URL(`http://127.0.0.1:${server.port}`)
})

afterEach(() => server.close())

test('the text goes as it is, with the headers', async () => {
  expect(await postJson(url, '{', { 'x-test': 'yes' })).toEqual({ status: 200, text: '{"taken":true}' })
  expect(received).toEqual(['POST application/json yes {'])
})

test('a redirect is an answer: DingTalk follows none', async () => {
  expect(await postJson(new URL('/moved', url), '{}')).toEqual({ status: 307, text: 'moved' })
  expect(received).toHaveLength(1)
})

test('the signal ends the wait for an answer', async () => {
  const controller = new AbortController()
  const posting = postJson(new URL('/silent', url), '{}', {}, controller.signal)
  const failed = expect(posting).rejects.toMatchObject({ name: 'AbortError' })
  await waitFor(() => received.length === 1)
  controller.abort()
  await failed
})

import type { IncomingHttpHeaders } from 'node:http'
import { createTestSender } from '../../../local/sender/sendTestEmployee'
import { readBody } from '../../../shared/readBody'
import { startServer, type TestServer } from '../../support/rawHttp'

let webhook: TestServer
let answer: [status: number, text: string]
let received: { headers: IncomingHttpHeaders; body: Record<string, unknown> }

beforeAll(async () => {
  webhook = await startServer(async (req, res) => {
    const body = String(await readBody(req, 65_536))
    received = { headers: req.headers, body: JSON.parse(body) }
    res.writeHead(answer[0]).end(answer[1])
  })
})

afterAll(() => webhook.close())

const sender = (token?: string, apiSecret?: string) =>
  createTestSender(`http://127.0.0.1:${webhook.port}/webhook/putEvents`, { token, apiSecret })
const accepted = JSON.stringify({ FailedEntryCount: 0, EntryList: [{ EventId: 'e1' }] })

test.each<[string, [number, string], object]>([
  ['accepts it', [200, accepted], { status: 200, eventId: 'e1' }],
  [
    'refuses it',
    [401, '{"code":"Unauthorized","message":"a token is missing"}'],
    { status: 401, message: 'a token is missing' },
  ],
  ['is a proxy that is lost', [502, '<html>'], { status: 502 }],
  ['says nothing', [500, 'null'], { status: 500 }],
])('a webhook that %s', async (_, says, expected) => {
  answer = says
  expect(await sender()({ action: 'user_add_org', name: '小明', userId: '42' })).toEqual({ userId: '42', ...expected })
  expect(received.body).toMatchObject({ syncAction: 'user_add_org', name: '小明', userId: '42' })
})

test('an employee who is not named is a new one; the token goes with them', async () => {
  answer = [200, accepted]
  const sent = await sender('secret-secret-secret')({ action: 'user_add_org', name: '小明' })
  expect(sent.userId).toMatch(/^1\d{17}$/)
  expect(received).toMatchObject({
    headers: { authorization: 'Bearer secret-secret-secret' },
    body: { userId: sent.userId },
  })
})

test('without a token the API Secret signs', async () => {
  answer = [200, accepted]
  await sender(undefined, 'secret-secret')({ action: 'user_add_org', name: '小明' })
  expect(received.headers).toMatchObject({ 'x-ddpaas-signature': expect.stringMatching(/^[\w+/]{43}=$/) })
})

import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { compileDingtalkTarget, signedUrl } from '../../../../emulator/targets/dingtalkTarget'
import type { Connections, DeliveryResult } from '../../../../emulator/targets/target'
import { freePort } from '../../../../shared/freePort'
import vectors from '../../../fixtures/dingtalk.json'
import { startServer, type TestServer } from '../../../support/rawHttp'

const SECRET = 'SECdb2f1b0c'
const TOKEN = 'f00d'
const body = {
  ResourceKey: 'Body',
  Form: 'TEMPLATE',
  Value: '{"name":"$.data.name"}',
  Template: '{"msgtype":"text","text":{"content":"${name} has joined"}}',
}
const eventText = '{"id":"e","data":{"name":"小明"}}'

test.each(vectors.robot)('the signature of $id', ({ secret, timestamp, sign, signUrlEncoded }) => {
  const url = signedUrl(new URL('https://oapi.dingtalk.com/robot/send?access_token=x'), secret, Number(timestamp))
  expect(url.searchParams.get('sign')).toBe(sign)
  expect(url.search).toBe(`?access_token=x&timestamp=${timestamp}&sign=${signUrlEncoded ?? encodeURIComponent(sign)}`)
})

describe('against a robot that checks as DingTalk does', () => {
  let server: TestServer
  let answer: ((res: ServerResponse) => void) | undefined
  const messages: unknown[] = []

  beforeAll(async () => {
    server = await startServer(async (req, res) => {
      const text = Buffer.concat((await req.toArray()) as Buffer[]).toString('utf8')
      const { searchParams } = new URL(req.url ?? '', 'http://robot')
      if (answer !== undefined) return answer(res)
      res.setHeader('content-type', 'application/json')
      if (searchParams.get('access_token') !== TOKEN) return res.end('{"errcode":300001,"errmsg":"token is not exist"}')
      if (!isSigned(searchParams)) return res.end('{"errcode":310000,"errmsg":"sign not match"}')
      if (req.headers['content-type'] !== 'application/json; charset=utf-8') return res.end('{"errcode":43004}')
      messages.push(JSON.parse(text))
      return res.end('{"errcode":0,"errmsg":"ok"}')
    })
  })

  beforeEach(() => {
    messages.length = 0
    answer = undefined
  })

  afterAll(() => server.close())

  function isSigned(query: URLSearchParams): boolean {
    const timestamp = query.get('timestamp') ?? ''
    const sign = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64')
    return query.get('sign') === sign && Math.abs(Date.now() - Number(timestamp)) < 3_600_000
  }

  const address = (port = server.port, token = TOKEN) => `http://127.0.0.1:${port}/robot/send?access_token=${token}`
  const connections: Connections = { invoke: async () => ({}) }

  function robot(url = address(), secret = SECRET, by = connections) {
    const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
    return compileDingtalkTarget(url, [constant('URL', url), constant('SecretKey', secret), body], by)
  }

  test('a message made of the event', async () => {
    expect(await robot().deliver(eventText)).toEqual({ answer: 'errcode 0' })
    expect(messages).toEqual([{ msgtype: 'text', text: { content: '小明 has joined' } }])
  })

  test('another secret is refused, and so is another token', async () => {
    expect(await robot(address(), 'another').deliver(eventText)).toEqual({ error: 'errcode 310000' })
    expect(await robot(address(server.port, 'other')).deliver(eventText)).toEqual({ error: 'errcode 300001' })
    expect(messages).toEqual([])
  })

  test.each<[string, status: number, text: string, DeliveryResult]>([
    ['too many messages', 200, '{"errcode":410100,"errmsg":"发送速度太快"}', { error: 'errcode 410100' }],
    ['a server error', 500, '{"errcode":0}', { error: 'HTTP 500' }],
    ['a redirect', 302, '', { error: 'HTTP 302' }],
    ['a punishment', 200, '{"status":1111,"wait":5,"punish":"deny"}', { error: 'the answer has no errcode' }],
    ['a page', 200, '<html>', { error: 'the answer has no errcode' }],
  ])('%s', async (_, status, text, result) => {
    answer = (res) => {
      res.writeHead(status)
      res.end(text)
    }
    expect(await robot().deliver(eventText)).toEqual(result)
  })

  test('a robot that cannot be reached: the error says nothing of its address', async () => {
    await expect(robot(address(await freePort())).deliver(eventText)).rejects.toThrow(/^no answer: ECONNREFUSED$/)
  })

  test('20 messages a minute for one robot, by whichever target; another robot has its own', () => {
    const [first, second, other] = [robot(), robot(), robot(address(1))]
    const now = 1_000_000
    const taken = Array.from({ length: 12 }, () => [first.takeTurn?.(now), second.takeTurn?.(now)]).flat()
    expect(taken).toEqual([...Array(20).fill(undefined), ...Array(4).fill(now + 61_000)])
    expect(other.takeTurn?.(now)).toBeUndefined()
    expect(first.takeTurn?.(now + 61_000)).toBeUndefined()
  })
})

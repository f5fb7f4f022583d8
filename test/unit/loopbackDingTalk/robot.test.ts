import { signedUrl } from '../../../emulator/targets/dingtalkTarget'
import { createRobot, robotStandIns, robotVariables } from '../../../local/dingtalk/robot'
import { manualClock } from '../../support/manualClock'
import { startServer } from '../../support/rawHttp'

const HOUR = 3_600_000
const MINUTE = 60_000
const JSON_TYPE = 'application/json; charset=utf-8'
const { DINGTALK_ROBOT_URL: address, DINGTALK_ROBOT_SECRET: secret } = robotVariables('http://127.0.0.1:1')
const text = (content: string, more = {}) => JSON.stringify({ msgtype: 'text', text: { content }, ...more })

function setUp() {
  const clock = manualClock()
  const robot = createRobot(clock)
  const query = (by = secret, at = clock.now()) => signedUrl(new URL(address), by, at).searchParams
  const say = (message: string) => robot.take(query(), JSON_TYPE, message).errcode
  return { clock, robot, query, say }
}

const changed = (query: URLSearchParams, name: string, value: string) => {
  query.set(name, value)
  return query
}

type Given = ReturnType<typeof setUp>

test.each<[string, errcode: number, (given: Given) => URLSearchParams]>([
  ['as it must be', 0, ({ query }) => query()],
  ['an hour off', 0, ({ query, clock }) => query(secret, clock.now() - HOUR)],
  ['more than an hour old', 310_000, ({ query, clock }) => query(secret, clock.now() - HOUR - 1)],
  ['more than an hour ahead', 310_000, ({ query, clock }) => query(secret, clock.now() + HOUR + 1)],
  ['by another secret', 310_000, ({ query }) => query('SECanother')],
  ['of another time', 310_000, ({ query, clock }) => changed(query(), 'timestamp', String(clock.now() + 1))],
  ['encoded twice', 310_000, ({ query }) => changed(query(), 'sign', encodeURIComponent(query().get('sign') ?? ''))],
  ['that is empty', 310_000, ({ query }) => changed(query(), 'sign', '')],
  ['of a token that is another’s', 300_005, ({ query }) => changed(query(), 'access_token', 'other')],
])('a signature %s: %i', (_, errcode, queryOf) => {
  const given = setUp()
  expect(given.robot.take(queryOf(given), JSON_TYPE, text('hello')).errcode).toBe(errcode)
})

test.each<[string, errcode: number, message: string, type?: string]>([
  ['a text', 0, text('hello')],
  ['Markdown', 0, '{"msgtype":"markdown","markdown":{"title":"t","text":"# hello"}}'],
  ['no JSON', 40_035, '{"msgtype":"text","text":{"content":"a "quoted" name"}}'],
  ['a list', 40_035, '[]'],
  ['a text without content', 40_035, '{"msgtype":"text","text":{"content":""}}'],
  ['a text whose field is missing', 40_035, '{"msgtype":"text"}'],
  ['Markdown without a title', 40_035, '{"msgtype":"markdown","markdown":{"text":"# hello"}}'],
  ['another type', 400_105, '{"msgtype":"image","image":{}}'],
  ['the name of a method as type', 400_105, '{"msgtype":"toString"}'],
  ['no type', 400_105, '{"text":{"content":"hello"}}'],
  ['a form', 43_004, text('hello'), 'application/x-www-form-urlencoded'],
])('%s: %i', (_, errcode, message, type = JSON_TYPE) => {
  const { robot, query } = setUp()
  expect(robot.take(query(), type, message).errcode).toBe(errcode)
})

test.each([
  ['no robot', {}, 2],
  ['empty variables', { DINGTALK_ROBOT_URL: '', DINGTALK_ROBOT_SECRET: '' }, 2],
  ['a robot', { DINGTALK_ROBOT_URL: 'https://x', DINGTALK_ROBOT_SECRET: 's' }, 0],
  ['half of one, which the double’s secret would not sign for', { DINGTALK_ROBOT_URL: 'https://x' }, 0],
])('where %s is named, of variables %j it stands in for %i', (_, named, count) => {
  expect(Object.keys(robotStandIns('http://127.0.0.1:1', named))).toHaveLength(count)
})

test('20 a minute; the next one blocks it for 10 minutes, whatever comes meanwhile', async () => {
  const { clock, say } = setUp()
  expect(Array.from({ length: 20 }, () => say(text('hello')))).toEqual(Array(20).fill(0))
  await clock.advance(MINUTE - 1)
  expect(say(text('one more'))).toBe(410_100)
  await clock.advance(10 * MINUTE - 1)
  expect(say(text('still'))).toBe(410_100)
  await clock.advance(1)
  expect(Array.from({ length: 21 }, () => say(text('again')))).toEqual([...Array(20).fill(0), 410_100])
})

test('20, and a minute later 20 more', async () => {
  const { clock, say } = setUp()
  for (let minute = 0; minute < 3; minute++) {
    expect(Array.from({ length: 20 }, () => say(text('hello')))).toEqual(Array(20).fill(0))
    await clock.advance(MINUTE)
  }
})

test('over HTTP: what was said, the newest 100, one that comes again once, and until when it is blocked', async () => {
  const { clock, robot, say } = setUp()
  const server = await startServer((req, res) => void robot.handle(req, res))
  const url = `http://127.0.0.1:${server.port}/dingtalk/robot`
  const signed = () => signedUrl(new URL(`${url}/send?access_token=local`), secret, clock.now())
  const post = async (body: string) =>
    (await fetch(signed(), { method: 'POST', body, headers: { 'content-type': JSON_TYPE } })).json()
  const messages = async () => (await fetch(`${url}/messages`)).json()
  expect(await messages()).toEqual({ messages: [] })
  const message = { msgtype: 'text', text: { content: 'hello' }, msgUuid: 'a' }
  expect(await post(JSON.stringify(message))).toEqual({ errcode: 0, errmsg: 'ok' })
  expect(await post(JSON.stringify(message))).toEqual({ errcode: 0, errmsg: 'ok' })
  expect(await messages()).toEqual({ messages: [{ number: 1, at: clock.now(), message }] })
  for (let round = 0; round < 6; round++) {
    await clock.advance(MINUTE)
    for (let index = 0; index < 20; index++) say(text('hello'))
  }
  say(text('too many'))
  const told = (await messages()) as { messages: { number: number }[]; blockedUntil: number }
  expect(told.messages.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, index) => index + 22))
  expect(told.blockedUntil).toBe(clock.now() + 10 * MINUTE)
  expect((await fetch(`${url}/send`)).status).toBe(404)
  expect((await fetch(`${url}/other`)).status).toBe(404)
  await server.close()
})

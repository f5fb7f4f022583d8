import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEventBridgeApi } from '../../../../cli/provision/eventBridgeApi'
import { explainError } from '../../../../cli/provision/explainError'
import { startServer, type TestServer } from '../../../support/rawHttp'

const key = { accessKeyId: 'AKID', accessKeySecret: 'SECRET' }

type Answer = (req: IncomingMessage, res: ServerResponse) => void

let server: TestServer
let answers: Answer[] = []
let requests: { url: string | undefined; token: unknown; body: unknown }[] = []
let pauses: number[] = []

beforeAll(async () => {
  server = await startServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      requests.push({
        url: req.url,
        token: req.headers['x-acs-security-token'],
        body: JSON.parse(Buffer.concat(chunks).toString()),
      })
      const answer = answers.shift() ?? json(200, {})
      answer(req, res)
    })
  })
})

afterAll(() => server.close())

beforeEach(() => {
  requests = []
  pauses = []
})

const json =
  (status: number, body: object): Answer =>
  (_, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const html: Answer = (_, res) => res.writeHead(503).end('<html>busy</html>')
const hangUp: Answer = (req) => req.socket.destroy()
const refusal = (status: number, code: string) => json(status, { code, message: 'why', requestId: 'R' })

const endpoint = () => new URL(`http://127.0.0.1:${server.port}`)
const call = async (...queue: Answer[]) => {
  answers = queue
  const sleep = async (ms: number) => void pauses.push(ms)
  const api = createEventBridgeApi(endpoint(), key, sleep)
  return api.call('createTargets', { Targets: [{ Id: 'a', DeadLetterQueue: { Arn: 'q' } }] })
}

test("fields that the SDK's models lack go out and come back", async () => {
  expect(await call(json(200, { Targets: [{ DeadLetterQueue: { Arn: 'q' } }] }))).toEqual({
    Targets: [{ DeadLetterQueue: { Arn: 'q' } }],
  })
  const body = { Targets: [{ Id: 'a', DeadLetterQueue: { Arn: 'q' } }] }
  expect(requests).toMatchObject([{ url: '/openapi/createTargets', body }])
})

test('https:// is TLS, which the SDK does not speak by itself', async () => {
  const api = createEventBridgeApi(new URL(`https://127.0.0.1:${server.port}`), key, async () => {})
  await expect(api.call('getEventBus', {})).rejects.toMatchObject({ code: 'EPROTO' })
  expect(requests).toEqual([])
})

test('a temporary key comes with its token, and event sources have a path of their own', async () => {
  const api = createEventBridgeApi(endpoint(), { ...key, securityToken: 'STS' }, async () => {})
  await api.call('createEventSource', {})
  expect(requests).toMatchObject([{ url: '/openapi/v2/createEventSource', token: 'STS' }])
})

test.each<[string, Answer[]]>([
  ["a load balancer's page", [html]],
  ['a connection that is cut', [hangUp]],
  ['an error of the service', [refusal(500, 'InternalError')]],
  ['too many requests, three times', Array.from({ length: 3 }, () => refusal(429, 'TooManyRequests'))],
])('%s passes', async (_, queue) => {
  const tries = queue.length
  await expect(call(...queue, json(200, { RequestId: 'R' }))).resolves.toEqual({ RequestId: 'R' })
  expect(requests).toHaveLength(tries + 1)
  expect(pauses).toEqual([500, 2_000, 5_000].slice(0, tries))
})

test('a server that does not answer in time passes', async () => {
  // the SDK's own timer is turned; those of the connection are Node's, and run
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] })
  try {
    const silence: Answer = () => jest.advanceTimersByTime(10_000)
    await expect(call(silence, json(200, { RequestId: 'R' }))).resolves.toEqual({ RequestId: 'R' })
  } finally {
    jest.useRealTimers()
  }
  expect(pauses).toEqual([500])
})

describe('what the person at the command line is told', () => {
  const all = (answer: Answer) => [answer, answer, answer, answer]

  test.each<[string, Answer[], RegExp]>([
    [
      'an unknown key',
      [refusal(403, 'InvalidAccessKeyId')],
      /^EventBridge does not know this access key .*ACCESS_KEY_ID/,
    ],
    ['a wrong secret', [refusal(403, 'SignatureDoesNotMatch')], /ALIBABA_CLOUD_ACCESS_KEY_SECRET/],
    ['an expired token', [refusal(403, 'StsAccessIdExpired')], /has expired/],
    ['a wrong account', [refusal(403, 'AccountIdNotExist')], /check AccountID or --account/],
    ['no rights', [refusal(403, 'AccessDenied')], /may not do eventbridge:CreateTargets .*ram\/operator\.policy\.json/],
    ['no rights, said otherwise', [refusal(403, 'ServiceAccessDenied')], /may not do eventbridge:CreateTargets/],
    [
      'any other refusal',
      [refusal(409, 'EventRuleNotExist')],
      /^EventBridge refused createTargets: EventRuleNotExist: \[EventBridgeError-R\] why$/,
    ],
    [
      'a refusal in a 200',
      [json(200, { Success: false, Code: 'EventBusNotExist', Message: 'no bus' })],
      /^EventBridge refused createTargets: .*no bus/,
    ],
    [
      'an entry that failed',
      [json(200, { ErrorEntriesCount: 1, ErrorEntries: [{ ErrorCode: 'X', ErrorMessage: 'full', EntryId: 'a' }] })],
      /^EventBridge refused createTargets: .*full/,
    ],
    ['throttled for good', all(refusal(429, 'TooManyRequests')), /takes no more requests/],
    ['no EventBridge', all(html), /answers, but not as EventBridge does/],
    ['a connection that is always cut', all(hangUp), /^No connection to 127\.0\.0\.1:\d+ \(ECONNRESET\)/],
  ])('%s', async (_, queue, line) => {
    const error = explainError(await call(...queue).catch((thrown: unknown) => thrown), endpoint())
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(line) })
  })

  test.each<[string, object, RegExp]>([
    ['an unknown host', { code: 'ENOTFOUND' }, /^There is no host eb\.example\.org: check the account/],
    ['a resolver that is down', { code: 'EAI_AGAIN' }, /^No connection to eb\.example\.org \(EAI_AGAIN\)/],
    ['a refused connection', { code: 'ECONNREFUSED' }, /\(ECONNREFUSED\): check --endpoint/],
    ['a time-out', { name: 'RequestTimeoutError' }, /^No answer from eb\.example\.org in time/],
    ['a bad certificate', { code: 'CERT_HAS_EXPIRED' }, /^The certificate of eb\.example\.org is not valid/],
    [
      'a certificate of nobody',
      { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
      /^The certificate of eb\.example\.org is not valid/,
    ],
  ])('%s', (_, fields, line) => {
    const error = explainError(Object.assign(new Error('x'), fields), new URL('https://eb.example.org'))
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(line) })
  })

  test.each([{}, { code: 'ERR_INVALID_ARG_TYPE' }])('a fault of ours stays one: %j', (fields) => {
    const fault = Object.assign(new TypeError('x is undefined'), fields)
    expect(explainError(fault, endpoint())).toBe(fault)
  })
})

import { parseFaults } from '../../../../emulator/faults/faults'
import { type OpenApi, withFaults } from '../../../../emulator/faults/withFaults'
import { createEventBridgeClient, type EventBridgeClient } from '../../../../shared/eventbridge/client'
import { readBody } from '../../../../shared/readBody'
import { type ManualClock, manualClock } from '../../../support/manualClock'
import { startServer, type TestServer } from '../../../support/rawHttp'
import { waitFor } from '../../../support/waitFor'

/** The ids of the events that the EventBridge behind the faults has accepted. */
let accepted: string[]
let lines: string[]
let requests: number
/** connections that are gone, and calls of the API that have ended */
let closed: number
let ended: number
let clock: ManualClock
let server: TestServer
let client: EventBridgeClient

beforeEach(() => {
  accepted = []
  lines = []
  requests = 0
  closed = 0
  ended = 0
  clock = manualClock()
})

afterEach(async () => {
  client.close()
  await server.close()
})

/** An EventBridge that takes each entry which it is not told to refuse. */
const openApi: OpenApi = async (req, res, refuseEntry) => {
  const batch = JSON.parse(String(await readBody(req, 100_000))) as { id: string }[]
  const EntryList = batch.map(({ id }) => {
    const refusal = refuseEntry?.()
    if (refusal !== undefined) return { EventId: id, ErrorCode: refusal.code, ErrorMessage: refusal.message }
    accepted.push(id)
    return { EventId: id, TraceId: 't' }
  })
  const FailedEntryCount = EntryList.filter((entry) => 'ErrorCode' in entry).length
  const bytes = Buffer.from(JSON.stringify({ RequestId: 'R', FailedEntryCount, EntryList }))
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
  res.end(bytes)
}

/** @param draws what `random` gives, one after the other; then it gives what no share reaches */
async function start(fail: string, ...draws: number[]): Promise<void> {
  const faulty = withFaults(openApi, parseFaults(fail), {
    random: () => draws.shift() ?? 0.999_999,
    clock,
    log: (line) => lines.push(line),
  })
  server = await startServer((req, res) => {
    requests++
    res.on('close', () => closed++)
    void faulty(req, res).then(() => ended++)
  })
  client = createEventBridgeClient(new URL(`http://127.0.0.1:${server.port}`))
}

function put() {
  const credentials = { accessKeyId: 'AK', accessKeySecret: 'SK' }
  return client.putEvents(['{"id":"a"}'], { credentials, deadline: performance.now() + 10_000 })
}

/** A client that goes away when it is told to. */
function visitor(body = '[{"id":"a"}]') {
  const leaving = new AbortController()
  const url = `http://127.0.0.1:${server.port}/openapi/putEvents`
  const answer = fetch(url, { method: 'POST', body, signal: leaving.signal })
  return { leave: () => leaving.abort(), left: expect(answer).rejects.toThrow(/abort/) }
}

/** How often the client tries after these. */
const TRIES = 3

/** The draws are those of each try. */
test.each<[string, string, number[], string, string[], string]>([
  ['throttled', 'throttle=20%', [0.19, 0], 'TooManyRequests', [], 'throttled'],
  ['500', 'error=1%', [0.009, 0.4], 'Http500', [], 'answered 500'],
  ['503', 'error=1%', [0.009, 0.5], 'Http503', [], 'answered 503 in HTML'],
  ['reset before', 'reset=1%', [0.009, 0.4], 'ECONNRESET', [], 'reset before it was accepted'],
  ['reset after', 'reset=1%', [0.009, 0.5], 'ECONNRESET', ['a', 'a', 'a'], 'reset after it was accepted'],
])('%s: the sender sees a failure, each time, and this is what was accepted', async (...row) => {
  const [, fail, draws, code, there, line] = row
  await start(fail, ...Array<number[]>(TRIES).fill(draws).flat())
  await expect(put()).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code })
  expect(requests).toBe(TRIES)
  expect(accepted).toEqual(there)
  expect(lines).toEqual(Array(TRIES).fill(`Fault on demand: a PutEvents was ${line}.`))
})

test('the 429 is the one of the gateway', async () => {
  await start('throttle=100%')
  const response = await fetch(`http://127.0.0.1:${server.port}/openapi/putEvents`, { method: 'POST', body: '[]' })
  expect(response.status).toBe(429)
  expect(await response.json()).toEqual({
    code: 'TooManyRequests',
    message: 'The request is denied by flow limiter for too many requests.',
    requestId: expect.any(String),
  })
})

test('a reset after the event was accepted: the sender, who tries again, has sent it twice', async () => {
  await start('reset=50%', 0.49, 0.5)
  expect(await put()).toMatchObject({ FailedEntryCount: 0 })
  expect(accepted).toEqual(['a', 'a'])
})

test('partial: the first entry and by half each other one is refused, and is not there', async () => {
  await start('partial=5%', 0.049, 0, 0.5, 0.4)
  // without the client, which tries again what was refused
  const body = JSON.stringify(['a', 'b', 'c', 'd'].map((id) => ({ id })))
  const response = await fetch(`http://127.0.0.1:${server.port}/openapi/putEvents`, { method: 'POST', body })
  expect(await response.json()).toEqual({
    RequestId: 'R',
    FailedEntryCount: 2,
    EntryList: [
      { EventId: 'a', ErrorCode: 'InternalError', ErrorMessage: 'InternalError' },
      { EventId: 'b', TraceId: 't' },
      { EventId: 'c', ErrorCode: 'InternalError', ErrorMessage: 'InternalError' },
      { EventId: 'd', TraceId: 't' },
    ],
  })
  expect(accepted).toEqual(['b', 'd'])
  expect(lines).toEqual(['Fault on demand: a PutEvents was accepted in part.'])
})

test('hang: no answer, however long; it ends when the client goes away', async () => {
  await start('hang=1%', 0.009)
  const { leave, left } = visitor('x'.repeat(5_000_000))
  await waitFor(() => lines.length === 1)
  await clock.advance(24 * 3_600_000)
  expect(closed).toBe(0)
  leave()
  await left
  await waitFor(() => ended === 1)
  expect(accepted).toEqual([])
})

test('latency: the event is accepted at once, its answer comes when its time has passed', async () => {
  await start('latency=300ms')
  let isAnswered = false
  const answer = put().then((result) => {
    isAnswered = true
    return result
  })
  await waitFor(() => accepted.length === 1)
  await clock.advance(299)
  expect(isAnswered).toBe(false)
  await clock.advance(1)
  expect(await answer).toMatchObject({ FailedEntryCount: 0 })
  expect(lines).toEqual([])
})

test.each([
  ['the least', 0, 100],
  ['half way', 0.5, 1_050],
  ['nearly the most', 0.999, 1_998],
])('latency of a range, %s', async (_, number, ms) => {
  await start('latency=100ms-2s', 1, number)
  let answers = 0
  const answer = put().then(() => answers++)
  await waitFor(() => accepted.length === 1)
  await clock.advance(ms - 1)
  expect(answers).toBe(0)
  await clock.advance(2)
  await answer
})

test.each([
  ['throttle', 'TooManyRequests'],
  ['error', 'Http500'],
  ['reset', 'ECONNRESET'],
])('latency delays %s too', async (fault, code) => {
  await start(`${fault}=100%,latency=1s`, ...Array(2 * TRIES).fill(0))
  let isAnswered = false
  const answer = put().finally(() => {
    isAnswered = true
  })
  answer.catch(() => {})
  for (let tries = 1; tries <= TRIES; tries++) {
    await waitFor(() => lines.length === tries)
    await clock.advance(999)
    expect([lines.length, isAnswered]).toEqual([tries, false])
    await clock.advance(1)
  }
  await expect(answer).rejects.toMatchObject({ code })
})

test('a client that goes away before a delayed answer: the event is there all the same', async () => {
  await start('latency=1s')
  const { leave, left } = visitor()
  await waitFor(() => accepted.length === 1)
  leave()
  await left
  await waitFor(() => closed === 1)
  await clock.advance(2_000)
  expect(accepted).toEqual(['a'])
})

test('of the draws between 0 and 1 each fault has its share, and one at most happens to a request', async () => {
  const draws = Array.from({ length: 100 }, (_, index) => (index + 0.5) / 100)
  await start('throttle=20%,error=4%,partial=6%', ...draws.flatMap((draw) => (draw < 0.3 ? [draw, 0] : [draw])))
  for (const _ of draws) {
    await fetch(`http://127.0.0.1:${server.port}/openapi/putEvents`, { method: 'POST', body: '[{"id":"a"}]' })
  }
  const count = (what: string) => lines.filter((line) => line.includes(what)).length
  expect([count('throttled'), count('answered 500'), count('in part'), lines.length]).toEqual([20, 4, 6, 30])
  expect(accepted).toHaveLength(70)
})

test.each(['/openapi/putEventsOfAnother', '/openapi/createEventBus', '/openapi/v2/createEventSource'])(
  '%s is left alone',
  async (path) => {
    await start('throttle=100%,latency=1s')
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body: '[{"id":"a"}]' })
    expect(response.status).toBe(200)
    expect(accepted).toEqual(['a'])
  },
)

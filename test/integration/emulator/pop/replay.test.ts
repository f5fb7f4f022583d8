import { emulators, type TestEmulator } from '../../../support/emulator'
import { manualClock } from '../../../support/manualClock'
import { exchanges, keyOf, type PopExchange, parametersOf, replay, timeOf } from '../../../support/popCaptures'
import { type Call, openApiClient } from '../../../support/popClients'
import { misfits } from '../../../support/popShapes'

const startEmulator = emulators()
const MINUTE = 60_000

/** An emulator of the time of the exchange that knows its key, and what the exchange finds there. */
async function emulatorFor(exchange: PopExchange): Promise<TestEmulator> {
  const clock = manualClock(timeOf(exchange))
  const emulator = await startEmulator({ clock, accessKeys: [keyOf(exchange)] })
  await prepare(exchange, openApiClient(emulator, keyOf(exchange)))
  await emulator.restart(undefined, { maxClockSkewMs: 15 * MINUTE })
  return emulator
}

/** Makes what an operation works on, but for what the exchange makes itself, or finds gone. */
async function prepare(exchange: PopExchange, call: Call): Promise<void> {
  const { EventBusName, RuleName, EventSourceName, ApiDestinationName } = parametersOf(exchange)
  const { ConnectionName = ApiDestinationName && 'some-connection' } = parametersOf(exchange)
  const isThere = (name: string | undefined, maker: string) =>
    name !== undefined && name !== 'nope' && exchange.operation !== maker
  const bus = EventBusName ?? 'some-bus'
  const rule = { EventBusName: bus, RuleName, FilterPattern: '{}' }
  if (isThere(bus, 'CreateEventBus')) await call('CreateEventBus', { EventBusName: bus })
  if (isThere(RuleName, 'CreateRule')) await call('CreateRule', rule)
  if (isThere(EventSourceName, 'CreateEventSource'))
    await call('CreateEventSource', { EventBusName: bus, EventSourceName })
  if (isThere(ConnectionName, 'CreateConnection'))
    await call('CreateConnection', { ConnectionName, NetworkParameters: '{"NetworkType":"PublicNetwork"}' })
  const HttpApiParameters = '{"Endpoint":"http://127.0.0.1:9","Method":"POST"}'
  if (isThere(ApiDestinationName, 'CreateApiDestination'))
    await call('CreateApiDestination', { ApiDestinationName, ConnectionName, HttpApiParameters })
}

const NOT_SUPPORTED = /Streaming|^(DiscoverEventSource|TestEventSourceConfig|EventCenterQueryEvents)$/

/** Of recorded answers that the recording server gave to see what clients make of them, what they are in truth. */
const INVENTED = new Map([
  ['409 EventBusNotExist', '200 EventBusNotExist'],
  ['400 Throttling.User', '200 Success'],
])

/** Of these the recording server said Success; documented is this. */
const CODE_200 = /^Query/

function expectedOf({ operation, answer }: PopExchange): string {
  if (NOT_SUPPORTED.test(operation)) return '409 OperationNotSupported'
  // nobody has published it
  if (operation === 'QueryEvent') return '200 EventNotExist'
  if (CODE_200.test(operation)) return '200 200'
  const recorded = `${answer.status} ${answer.Code}`
  return INVENTED.get(recorded) ?? recorded
}

const rows = exchanges.map((exchange) => [exchange.id, exchange.client.slice(0, 30), exchange.case, exchange] as const)

test.each(rows)('%i %s: %s', async (_id, _client, _case, exchange) => {
  const { port } = await emulatorFor(exchange)
  const { status, body } = await replay(port, exchange)
  const answer = JSON.parse(body.toString())
  const { Code } = answer
  expect(`${status} ${Code}`).toBe(expectedOf(exchange))
  if (status === 200) expect(misfits(exchange.operation, answer)).toEqual([])
  else
    expect(answer).toEqual({
      Code,
      Message: expect.any(String),
      RequestId: expect.any(String),
      HostId: expect.any(String),
    })
})

/** The places of a text where it is changed: spread over it, so that its names, its values and its escapes are met. */
function* changesOf(text: string): Generator<string> {
  const step = Math.max(1, Math.floor(text.length / 12))
  for (let at = 0; at < text.length; at += step) {
    yield `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
  }
}

/** Those of the headers that the exchange's signature is over. */
function signedHeaders({ headers }: PopExchange): string[] {
  const authorization = headers.find(([name]) => name === 'Authorization')?.[1] ?? ''
  return /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
}

function* changedBytes(exchange: PopExchange): Generator<PopExchange> {
  const [path = '', query = ''] = exchange.target.split('?')
  for (const changed of changesOf(query)) yield { ...exchange, target: `${path}?${changed}` }
  for (const body of changesOf(exchange.body)) yield { ...exchange, body }
  for (const signed of signedHeaders(exchange)) {
    const headers = exchange.headers.map(([name = '', value = '']) =>
      name === signed ? [name, `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`] : [name, value],
    )
    yield { ...exchange, headers }
  }
}

test.each(rows)('%i %s, %s: with one byte changed it is refused', async (_id, _client, _case, exchange) => {
  const { port } = await emulatorFor(exchange)
  for (const changed of changedBytes(exchange)) {
    const { status, body } = await replay(port, changed)
    expect([status >= 400, JSON.parse(body.toString()).Code]).toEqual([true, expect.stringMatching(REFUSED)])
  }
})

const REFUSED =
  /^(SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId\.NotFound|InvalidSecurityToken\.MismatchWithAccessKey|InvalidTimeStamp\.(Format|Expired)|InvalidSignature\w+|Missing(Signature\w*|AccessKeyId|Timestamp))$/

describe('of a request that is signed well', () => {
  const exchange = exchanges.find(({ operation }) => operation === 'ListEventBuses') as PopExchange

  test.each<[string, number, string]>([
    ['at its time', 0, 'Success'],
    ['15 minutes late', 15 * MINUTE, 'Success'],
    ['15 minutes early', -15 * MINUTE, 'Success'],
    ['later', 15 * MINUTE + 1, 'InvalidTimeStamp.Expired'],
    ['earlier', -15 * MINUTE - 1, 'InvalidTimeStamp.Expired'],
  ])('%s', async (_when, late, code) => {
    const clock = manualClock(timeOf(exchange) + late)
    const emulator = await startEmulator({ clock, accessKeys: [keyOf(exchange)], maxClockSkewMs: 15 * MINUTE })
    const { body } = await replay(emulator.port, exchange)
    expect(JSON.parse(body.toString()).Code).toBe(code)
  })

  test.each<[string, object, string]>([
    ['where times are checked', { maxClockSkewMs: 15 * MINUTE }, 'SignatureNonceUsed'],
    ['where they are not', {}, 'Success'],
  ])('a second time, %s', async (_where, options, code) => {
    const clock = manualClock(timeOf(exchange))
    const { port } = await startEmulator({ clock, accessKeys: [keyOf(exchange)], ...options })
    await replay(port, exchange)
    const { body } = await replay(port, exchange)
    expect(JSON.parse(body.toString()).Code).toBe(code)
  })
})

import { createHash, createHmac, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { LOCAL } from '../../shared/localAccount'
import type { Area } from '../area'
import { popCalls } from '../corpus/corpus'
import { hostileName, hostileText } from '../draw/hostile'
import { mutatedJson } from '../draw/mutate'
import type { Answered, Sent } from '../harness/request'
import { SECRETS } from '../harness/secrets'
import { openServer, wellFormed } from './eventBridgeServer'

const ANSWERS = new Set([200, 400, 403, 404, 405, 409, 413])

/** A value is text, or JSON as text; both are mutated. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
const valueLike = (text: string) => {
  const value = parsed(text.replaceAll('orders-bus', 'fuzz'))
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(typeof value === 'string' ? value : JSON.stringify(value)) },
    { weight: 2, arbitrary: mutatedJson([value]) },
    { weight: 1, arbitrary: hostileText },
  )
}
const call = fc.constantFrom(...popCalls).chain(({ action, parameters }) =>
  fc.record({
    action: fc.constant(action),
    parameters: fc.record(Object.fromEntries(Object.entries(parameters).map(([name, of]) => [name, valueLike(of)])), {
      requiredKeys: [],
    }),
  }),
)

/** Lists and objects can be flattened, as the older SDKs do: names that say so, and say too much. */
const flatName = fc.oneof(
  hostileName,
  fc.constantFrom(
    'Targets.1.Id',
    'Targets.0.Id',
    'Targets.99999999.Id',
    'Targets.1.ParamList.1.Form',
    'Targets.__proto__.Id',
  ),
  fc.constantFrom(
    'EventList.1.Data',
    'EventList.1',
    'TargetIds.1',
    'TargetIds.4294967295',
    'Targets..',
    'Targets.1e9.Id',
  ),
  fc.constantFrom('SourceHttpEventParameters.Type', 'HttpApiParameters.Endpoint', 'Targets.1.1.1.1', 'Targets.-1.Id'),
)

const request = fc.record({
  call,
  more: fc.oneof(
    { weight: 4, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(flatName, hostileText), { maxLength: 4 }) },
  ),
  by: fc.constantFrom('rpc', 'rpc', 'acs3', 'acs3', 'wrongRpc', 'wrongAcs3', 'none'),
  place: fc.constantFrom('query', 'form', 'json'),
  method: fc.oneof({ weight: 12, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH')),
})

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

/** The management API of 2020-04-01, by both of its signatures. */
export const pop: Area = {
  name: 'pop',
  requests: 50_000,
  open: (options) => openServer(options, { input: request, toRequest, checkAnswer, clear }),
}

function toRequest({ call: { action, parameters }, more, by, ...how }: Request) {
  const own = [...Object.entries(parameters), ...more].map(([name, value]): [string, string] => [
    wellFormed(name),
    wellFormed(String(value)),
  ])
  // a head has room for a megabyte, beyond which the server answers 431 or closes
  const isLong = joined(own).length > 500_000
  const { place, method } = isLong ? { place: 'form', method: 'POST' } : how
  const isAcs3 = by === 'acs3' || by === 'wrongAcs3'
  return { name: action, ...(isAcs3 ? acs3(action, own, place, method, by) : rpc(action, own, place, method, by)) }
}

const VERSION = '2020-04-01'
const now = () => `${new Date().toISOString().slice(0, 19)}Z`

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

function joined(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : a > b ? 1 : 0)

function rpc(action: string, own: [string, string][], place: string, method: string, by: string): Sent {
  const isQuery = place === 'query' || method === 'GET'
  const common = {
    ...{ Action: action, Version: VERSION, Format: 'JSON', AccessKeyId: LOCAL.accessKeyId, Timestamp: now() },
    ...{ SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0', SignatureNonce: randomUUID() },
  }
  // as the server reads them: of a name that comes twice both are signed
  const all: [string, string][] = [...Object.entries(common), ...own]
  const canonical = joined(all.filter(([name]) => name !== 'Signature').sort(byName))
  const text = `${method}&%2F&${encode(canonical)}`
  const mac = createHmac('sha1', `${SECRETS.accessKey}&`).update(text).digest('base64')
  const signature: [string, string][] = by === 'none' ? [] : [['Signature', by === 'wrongRpc' ? mac.slice(1) : mac]]
  const sent = joined([...all, ...signature])
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  return isQuery
    ? { method, path: `/?${sent}`, headers: { accept: 'application/json' }, body: Buffer.alloc(0) }
    : { method, path: '/', headers: form, body: Buffer.from(sent) }
}

function acs3(action: string, own: [string, string][], place: string, method: string, by: string): Sent {
  const isQuery = place === 'query' || method === 'GET'
  const body = isQuery ? '' : place === 'form' ? joined(own) : JSON.stringify(Object.fromEntries(own))
  const query = isQuery ? joined(own.toSorted(byName)) : ''
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const headers: Record<string, string> = {
    ...{ host: '127.0.0.1', 'x-acs-action': action, 'x-acs-content-sha256': hash(body), 'x-acs-date': now() },
    ...{ 'x-acs-signature-nonce': randomUUID(), 'x-acs-version': VERSION },
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const canonical = [method, '/', query, lines, names.join(';'), hash(body)].join('\n')
  const key = by === 'acs3' ? SECRETS.accessKey : 'another'
  const mac = createHmac('sha256', key)
    .update(`ACS3-HMAC-SHA256\n${hash(canonical)}`)
    .digest('hex')
  const authorization = `ACS3-HMAC-SHA256 Credential=${LOCAL.accessKeyId},SignedHeaders=${names.join(';')},Signature=${mac}`
  const type = place === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  const path = query === '' ? '/' : `/?${query}`
  return { method, path, headers: { ...headers, authorization, 'content-type': type }, body: Buffer.from(body) }
}

function checkAnswer({ status, text }: Answered): void {
  if (!ANSWERS.has(status)) throw new Error(`it answered ${status}: ${text.slice(0, 300)}`)
  const answer = JSON.parse(text) as Record<string, unknown>
  if (typeof answer['RequestId'] !== 'string' && typeof answer['code'] !== 'string') {
    throw new Error('the answer has no RequestId')
  }
}

async function clear(send: (request: Sent) => Promise<Answered>): Promise<void> {
  const run = async (action: string, given: Record<string, string>) => {
    const { text } = await send(rpc(action, Object.entries(given), 'form', 'POST', 'rpc'))
    return JSON.parse(text) as Record<string, Record<string, Record<string, string>[]> | undefined>
  }
  const { Data: buses } = await run('ListEventBuses', { Limit: '100' })
  for (const { EventBusName = '' } of buses?.['EventBuses'] ?? []) {
    const { Data: rules } = await run('ListRules', { EventBusName, Limit: '100' })
    for (const { RuleName = '' } of rules?.['Rules'] ?? []) await run('DeleteRule', { EventBusName, RuleName })
    const { Data: sources } = await run('ListUserDefinedEventSources', { EventBusName, Limit: '100' })
    for (const { Name = '' } of sources?.['EventSourceList'] ?? []) {
      await run('DeleteEventSource', { EventBusName, EventSourceName: Name })
    }
    if (EventBusName !== 'fuzz' && EventBusName !== 'default') await run('DeleteEventBus', { EventBusName })
  }
}

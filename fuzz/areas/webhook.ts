import path from 'node:path'
import fc from 'fast-check'
import { toHttpEvent } from '../../local/gateway/httpTrigger'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { connectorHeaders, encryptedCallback } from '../../local/sender/requests'
import type { FcHttpResponse } from '../../shared/fc/types'
import { type Area, counter } from '../area'
import { bodies } from '../corpus/corpus'
import { hostileText, PERSONAL } from '../draw/hostile'
import { mutatedBytes, mutatedJson } from '../draw/mutate'
import { startInstance } from '../harness/instance'
import { readLogLines, refuseSecrets, SECRETS } from '../harness/secrets'
import { startTakingEventBridge } from '../harness/takingEventBridge'

/** What the webhook says, by docs and README; 503 is for an EventBridge that does not take events, and this one does. */
const ANSWERS = new Set([200, 400, 401, 403, 405, 413, 415])

const PROOFS = ['none', 'token', 'apiSecret', 'callback', 'brokenToken', 'brokenSignature', 'brokenCallback'] as const

const OWNER = 'dingfuzzowner'
const CALLBACKS = {
  DINGTALK_TOKEN: SECRETS.callbackToken,
  DINGTALK_AES_KEY: SECRETS.aesKey,
  DINGTALK_OWNER_KEYS: OWNER,
}
const CONFIGURATIONS: readonly Record<string, string>[] = [
  { LOG_HASH_KEY: SECRETS.hashKey },
  {
    ...CALLBACKS,
    WEBHOOK_TOKEN: SECRETS.token,
    CONNECTOR_API_SECRET: SECRETS.apiSecret,
    DROP_FIELDS: 'none',
  },
  {
    ...CALLBACKS,
    WEBHOOK_TOKEN: SECRETS.token,
    ALLOWED_IPS: '203.119.0.0/16,2001:db8::/32',
    ALLOWED_REFERERS: 'dingtalk.com,*.dingtalk.com',
    ALLOWED_METHODS: 'POST,PUT',
    TRUSTED_PROXIES: '10.0.0.0/8',
    LOG_HASH_KEY: SECRETS.hashKey,
  },
]

const seldom = <T>(usual: T, odd: fc.Arbitrary<T>, weight = 9) =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd })

export const request = fc.record({
  configuration: fc.integer({ min: 0, max: CONFIGURATIONS.length - 1 }),
  proof: fc.constantFrom(...PROOFS, 'none' as const, 'callback' as const),
  body: mutatedBytes(bodies),
  message: mutatedJson(bodies),
  method: seldom('POST', fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'post', 'P\u0000ST')),
  path: seldom(
    '/webhook/putEvents',
    hostileText.map((text) => `/webhook/${text}`),
  ),
  query: seldom<[string, string][]>([], fc.array(fc.tuple(hostileText, hostileText), { maxLength: 3 }), 4),
  type: fc.oneof(
    { weight: 5, arbitrary: fc.constant('application/json') },
    fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'application/cloudevents+json', '', 'text/xml'),
    hostileText,
  ),
  headers: seldom<[string, string][]>(
    [],
    fc.array(
      fc.tuple(
        fc.oneof(
          fc.constantFrom(
            'Referer',
            'X-Forwarded-For',
            'traceparent',
            'X-Request-Id',
            'X-Fc-Request-Id',
            'Authorization',
          ),
          fc.constantFrom(
            'X-HTTP-Method-Override',
            'Content-Length',
            'Content-Encoding',
            'Transfer-Encoding',
            '__proto__',
          ),
          hostileText,
        ),
        hostileText,
      ),
      { maxLength: 4 },
    ),
    2,
  ),
  address: seldom(
    '203.119.0.1',
    fc.constantFrom('::ffff:203.119.0.1', '2001:db8::1', '10.1.2.3', '', 'fe80::1%eth0', '::'),
  ),
})

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

/** The webhook, called as Function Compute calls it, in front of an EventBridge that takes everything. */
export const webhook: Area = {
  name: 'webhook',
  requests: 200_000,
  async open({ bundles }) {
    const eventBridge = await startTakingEventBridge()
    const bundle = path.join(await bundles(), 'webhook/index.js')
    const common = {
      EVENT_BUS_NAME: 'dingtalk',
      EVENTBRIDGE_ENDPOINT: `http://${eventBridge.host}`,
      // of a machine that others use, too; the function's time limit is 10 s
      REQUEST_BUDGET_MS: '8000',
    }
    const instances = CONFIGURATIONS.map((own) => startInstance(bundle, { ...common, ...own }))
    const { counts, count } = counter()
    return {
      input: request as fc.Arbitrary<unknown>,
      counts,
      async check(input) {
        const given = input as Request
        eventBridge.taken()
        const { value, failure, written, faults } = await (instances[given.configuration] ?? raise()).call(
          eventOf(given),
        )
        if (faults.length > 0) throw new Error(`nobody caught: ${faults.join('; ')}`)
        if (failure !== undefined) throw new Error(`the handler threw: ${failure}`)
        const { statusCode } = value as FcHttpResponse
        count(`${given.proof} ${statusCode}`)
        checkAnswer(value as FcHttpResponse)
        checkLog(readLogLines(written), statusCode)
        checkPublished(
          eventBridge.taken().flatMap((batch) => JSON.parse(batch)),
          statusCode,
        )
      },
      show: (input) => showRequest(input as Request),
      heldBytes: async () => {
        const all = await Promise.all(instances.map((instance) => instance.heldBytes()))
        return all.reduce((sum, bytes) => sum + bytes, 0)
      },
      async close() {
        await Promise.all(instances.map((instance) => instance.stop()))
        await eventBridge.close()
      },
    }
  },
}

function raise(): never {
  throw new Error('no such configuration')
}

function checkAnswer({ statusCode, headers, body }: FcHttpResponse): void {
  if (!ANSWERS.has(statusCode)) throw new Error(`it answered ${statusCode}: ${body.slice(0, 300)}`)
  const text = JSON.stringify([headers, body])
  refuseSecrets('the answer', text)
  if (text.includes(PERSONAL)) throw new Error('the answer tells what is personal')
  const odd = Object.entries(headers).find((pair) => /[\r\n\0]/.test(pair.join()))
  if (odd !== undefined) throw new Error(`the answer's header ${odd[0]} has an end of a line in it`)
  const fields = JSON.parse(body) as Record<string, unknown>
  if (statusCode !== 200 && typeof fields['code'] !== 'string') throw new Error('the refusal has no code')
}

/** One line a request, and one more of rows that were set aside. */
function checkLog(lines: Record<string, unknown>[], status: number): void {
  // the first of an instance may say how it is configured
  const about = lines.filter(({ outcome }) => outcome !== 'set_aside' && outcome !== 'open')
  if (about.length !== 1) throw new Error(`${about.length} lines of the log about one request`)
  const outcome = String(about[0]?.['outcome'])
  const expected = status === 200 ? ['published', 'answered'] : ['refused']
  if (!expected.includes(outcome)) throw new Error(`it answered ${status}, and the log says ${outcome}`)
}

function checkPublished(events: Record<string, unknown>[], status: number): void {
  if (status !== 200 && events.length > 0 && status !== 400) throw new Error(`it published, and answered ${status}`)
  for (const { id, source, specversion, aliyuneventbusname, type } of events) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/.test(String(id))) throw new Error('the id of an event is none')
    const fixed = [source, specversion, aliyuneventbusname, type].join()
    if (fixed !== 'my.dingtalk,1.0,dingtalk,eventbridge:Events:HTTPEvent') {
      throw new Error(`what is not the sender's to say: ${fixed.slice(0, 300)}`)
    }
  }
}

/** As Function Compute's HTTP trigger gives it. What is behind authentication is reached by those that are signed. */
function eventOf(given: Request): Buffer {
  const { url, headers, body } = proved(given)
  const all: [string, string][] = [['content-type', given.type], ...Object.entries(headers), ...given.headers]
  const http = {
    method: given.method,
    url,
    httpVersion: '1.1',
    headers: { 'content-type': given.type },
    rawHeaders: all.flat(),
    socket: { remoteAddress: given.address },
  }
  const { accountId, region } = LOCAL_ACCOUNT
  return Buffer.from(
    JSON.stringify(toHttpEvent(http, body, { accountId, region, requestId: '1-fuzz', now: new Date() })),
  )
}

function proved({ proof, body, message, path: pathname, query }: Request) {
  const now = Date.now()
  const search = new URLSearchParams(query)
  const url = (more: URLSearchParams) => `${pathname}?${new URLSearchParams([...more, ...search])}`
  switch (proof) {
    case 'none':
      return { url: url(new URLSearchParams()), headers: {}, body }
    case 'token':
    case 'apiSecret':
    case 'brokenToken':
    case 'brokenSignature': {
      const by = { token: undefined, apiSecret: undefined }
      const isToken = proof === 'token' || proof === 'brokenToken'
      const secret = `${isToken ? SECRETS.token : SECRETS.apiSecret}${proof.startsWith('broken') ? '~' : ''}`
      const headers = connectorHeaders({ ...by, [isToken ? 'token' : 'apiSecret']: secret }, now)
      return { url: url(new URLSearchParams()), headers, body }
    }
    case 'callback':
    case 'brokenCallback': {
      const keys = { token: SECRETS.callbackToken, aesKey: SECRETS.aesKey, ownerKey: OWNER }
      const { url: signed, body: envelope } = encryptedCallback(new URL('http://fuzz/'), message, keys, now)
      // what is broken is the body: as it was drawn, or cut
      const text = JSON.stringify(envelope)
      const bytes =
        proof === 'callback' ? Buffer.from(text) : Buffer.from(`${text.slice(0, -(1 + (body.length % 40)))}"}`)
      return { url: url(signed.searchParams), headers: {}, body: bytes }
    }
  }
}

function showRequest({ body, ...others }: Request): string {
  return JSON.stringify({ ...others, body: body.toString('latin1') })
}

import path from 'node:path'
import fc from 'fast-check'
import { type Area, counter } from '../area'
import { bodies } from '../corpus/corpus'
import { hostileText, PERSONAL } from '../draw/hostile'
import { mutatedBytes } from '../draw/mutate'
import { startChild, TYPESCRIPT } from '../harness/child'
import { refuseSecrets, SECRETS } from '../harness/secrets'
import { type Exchange, exchange } from '../harness/socket'
import { startTakingEventBridge } from '../harness/takingEventBridge'

/** Of the webhook, of the gateway before it, and of Node's server for what is no HTTP. 502 would be a function that failed. */
const ANSWERS = new Set([200, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 431])

const CRLF = '\r\n'
const PROOF = `authorization: Bearer ${SECRETS.token}`
const TYPE = 'content-type: application/json'

const target = fc.oneof(
  { weight: 5, arbitrary: fc.constant('/webhook/putEvents') },
  fc.constantFrom(
    ...[
      'http://evil.test/webhook/putEvents',
      'https://127.0.0.1/webhook/',
      '//evil.test/webhook/',
      '*',
      'evil.test:443',
    ],
    ...[
      '/webhook/../openapi/putEvents',
      '/webhook/%2e%2e/trace/',
      '/webhook/?token=%00',
      '/webhook/#a',
      '/',
      '/dingtalk/robot/send',
    ],
    ...[
      '/2023-03-30/functions/dingtalk-webhook/invocations',
      '/2023-03-30/functions/%ff/invocations',
      '/dingtalk/robot/messages',
    ],
    ...[
      `/webhook/${'a'.repeat(20_000)}`,
      '/webhook/a b',
      '/webhook/\t',
      '',
      '/webhook/é',
      '/organisation/..%2f',
      'webhook/',
    ],
  ),
  hostileText.map((text) => `/webhook/${text}`),
)

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant('POST') },
  fc.constantFrom(
    'GET',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'PROPFIND',
    'PRI',
    'post',
    'X'.repeat(200),
    '',
    'P\u0000ST',
    'M-SEARCH',
  ),
)

const line = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('Referer', 'traceparent', 'X-Forwarded-For', 'X-Request-Id', 'Cookie', 'User-Agent', 'Expect'),
      hostileText,
    )
    .map(([name, value]) => `${name}: ${value}`),
  hostileText.map((text) => `${text}: a`),
  fc.constantFrom(
    ...[
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: identity',
      'Transfer-Encoding: gzip, chunked',
      'Content-Length: 0',
    ],
    ...[
      'Content-Length: -1',
      'Content-Length: 1e3',
      'Content-Length: 99999999999999999999',
      ' folded: a',
      'no colon at all',
    ],
    ...[
      'Expect: 100-continue',
      'Expect: everything',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Host: evil.test',
      'Host: ',
    ],
    ...[
      'Origin: http://evil.test',
      'Origin: null',
      'X-HTTP-Method-Override: DELETE',
      'X-Fc-Request-Id: mine',
      'Content-Encoding: gzip',
    ],
    `X-Long: ${'a'.repeat(70_000)}`,
    Array.from({ length: 3_000 }, (_, n) => `X-Flood-${n}: ${n}`).join(CRLF),
    `X-Flood: ${'a'.repeat(1_200_000)}`,
  ),
)

/** How the body comes, and whether that is all of it. */
const framing = fc.constantFrom(
  ...([
    'whole',
    'whole',
    'whole',
    'slow',
    'announced',
    'chunked',
    'brokenChunk',
    'endlessChunk',
    'tooMuch',
    'left',
  ] as const),
)

const request = fc.record({
  method,
  target,
  version: fc.oneof(
    { weight: 12, arbitrary: fc.constant('HTTP/1.1') },
    fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'ICY', ''),
  ),
  lines: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, fc.array(line, { maxLength: 3 })),
  isProved: fc.boolean(),
  framing,
  body: mutatedBytes(bodies),
})

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

/** The webhook behind the stack's server, by sockets: what no client of HTTP would send. */
export const gateway: Area = {
  name: 'gateway',
  requests: 5_000,
  async open({ bundles }) {
    const eventBridge = await startTakingEventBridge()
    const args = [path.join(await bundles(), 'webhook/index.js'), `http://${eventBridge.host}`]
    const file = path.join(__dirname, '../harness/runGateway.ts')
    const child = startChild<{ port: number }>(file, { args, env: {}, execArgv: TYPESCRIPT })
    const { counts, count } = counter()
    return {
      input: request as fc.Arbitrary<unknown>,
      counts,
      async check(drawn) {
        const given = drawn as Request
        const { port } = await child.ready()
        const said = (await exchange(port, exchangeOf(given))).toString('latin1')
        count(`${given.framing} ${said.slice(9, 12) || 'nothing'}`)
        checkSaid(said)
        const good = await exchange(port, exchangeOf(GOOD))
        if (!good.toString().startsWith('HTTP/1.1 200 ')) throw new Error('after it a good request is not answered 200')
        const { faults, written } = await child.ask<{ faults: string[]; written: string }>({ faults: true })
        if (faults.length > 0) throw new Error(`it failed: ${faults.join('; ').slice(0, 2_000)}`)
        refuseSecrets('the log', written)
        if (written.includes(PERSONAL)) throw new Error('the log tells what is personal')
        eventBridge.taken()
      },
      show: (drawn) => showRequest(drawn as Request),
      heldBytes: async () => (await child.ask<{ held: number }>({ collect: true })).held,
      async close() {
        await child.stop()
        await eventBridge.close()
      },
    }
  },
}

const GOOD: Request = {
  ...{ method: 'POST', target: '/webhook/putEvents', version: 'HTTP/1.1', lines: [], isProved: true, framing: 'whole' },
  body: Buffer.from('{"syncAction":"user_add_org","userId":"1"}'),
}

const MB_100 = 100 * 1024 * 1024

function exchangeOf({ method, target, version, lines, isProved, framing, body }: Request): Exchange {
  const head = [`${method} ${target} ${version}`, 'host: 127.0.0.1', 'connection: close', TYPE]
  const all = [...head, ...(isProved ? [PROOF] : []), ...lines]
  const withBody = (header: string, ...parts: Buffer[]) => [
    Buffer.from(`${[...all, header].join(CRLF)}${CRLF}${CRLF}`),
    ...parts,
  ]
  const length = `content-length: ${body.length}`
  const chunk = (size: string, bytes = body) => Buffer.concat([Buffer.from(`${size}${CRLF}`), bytes, Buffer.from(CRLF)])
  const size = body.length.toString(16)
  const end = Buffer.from(`0${CRLF}${CRLF}`)
  // what is odd may change how much of it is the body, or keep the connection
  const isWhole = lines.length === 0 && version === 'HTTP/1.1' && !/[\r\n]/.test(target)
  const plain = { pauseMs: 0, isWhole: false }
  const whole = { pauseMs: 0, isWhole: isWhole && method === 'POST' }
  switch (framing) {
    case 'whole':
      return { parts: withBody(length, body), ...whole }
    case 'slow':
      return {
        parts: withBody(length, ...[...body.subarray(0, 20)].map((one) => Buffer.of(one)), body.subarray(20)),
        pauseMs: 1,
        isWhole: false,
      }
    case 'announced':
      return { parts: withBody(`content-length: ${MB_100}`, body), ...plain }
    case 'chunked':
      return {
        parts: withBody('transfer-encoding: chunked', ...(body.length === 0 ? [] : [chunk(size)]), end),
        ...whole,
      }
    case 'brokenChunk':
      return {
        parts: withBody(
          'transfer-encoding: chunked',
          chunk(`${size}zz;a="`),
          chunk('-1'),
          chunk('ffffffffffffffffff'),
          end,
        ),
        ...plain,
      }
    case 'endlessChunk':
      return {
        parts: withBody(
          'transfer-encoding: chunked',
          ...Array.from({ length: 50 }, () => chunk('1', Buffer.from('{'))),
        ),
        ...plain,
      }
    case 'tooMuch':
      return { parts: withBody(`content-length: ${body.length >> 1}`, body), ...plain }
    case 'left':
      return { parts: withBody(length, body).map((part) => part.subarray(0, part.length >> 1)), ...plain }
  }
}

/** @throws Error where it is no HTTP, or has something of the sender's in its head */
function checkSaid(said: string): void {
  if (said === '') return
  const [head = '', ...rest] = said.split(`${CRLF}${CRLF}`)
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  // of Expect, before the answer
  if (status === 100) {
    checkSaid(rest.join(`${CRLF}${CRLF}`))
    return
  }
  if (!ANSWERS.has(status)) throw new Error(`it answered ${said.slice(0, 300)}`)
  if (/x-injected/i.test(head)) throw new Error('a header of the answer is the sender’s')
  refuseSecrets('the answer', said)
  if (said.includes(PERSONAL)) throw new Error('the answer tells what is personal')
}

function showRequest(given: Request): string {
  const { parts, ...how } = exchangeOf(given)
  return `${JSON.stringify(how)} ${JSON.stringify(Buffer.concat(parts).toString('latin1'))}`
}

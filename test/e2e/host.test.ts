import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import type { FcHttpEvent } from '../../shared/fc/types'
import { freePort } from '../../shared/freePort'
import { type HostProcess, startHostProcess } from '../support/hostProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

/** The event says what to do. */
const CODE = `
  let initialized = 0
  exports.initialize = async (context) => {
    console.log('initializing for', context.requestId)
    initialized++
  }
  exports.handler = async (event, context) => {
    const text = event.toString()
    if (text.startsWith('{"version":"v1"')) return http(JSON.parse(text))
    if (text === 'echo') return event
    if (text === 'log') return void (console.log('小明'), console.error('to stderr'))
    if (text === 'log much') return void Array.from({ length: 2000 }, (_, line) => console.log('小'.repeat(20), line))
    if (text === 'throw') throw new RangeError('too far')
    if (text === 'exit') process.exit(3)
    if (text === 'hang') for (;;);
    if (text === 'context') return context
    if (text === 'environment') return process.env
    if (text === 'initialized') return initialized
    return { unknown: text }
  }
  function http(event) {
    if (event.rawPath === '/throw') throw new RangeError('too far')
    if (event.rawPath === '/bad') return { statusCode: 'bad' }
    return { statusCode: 201, headers: { 'X-Own': 'own' }, body: JSON.stringify(event) }
  }`

const folder = temporaryFolder(async () => {
  expect(await host.stop()).toBe(0)
})
const variables = {
  FC_RUNTIME: 'nodejs20',
  FC_FUNC_CODE_PATH: `${folder}/`,
  FC_FUNCTION_NAME: 'echo',
  FC_FUNCTION_HANDLER: 'index.handler',
  FC_FUNCTION_MEMORY_SIZE: '256',
  FC_TIMEOUT: '2',
  FC_INITIALIZER_HANDLER: 'index.initialize',
  FC_INITIALIZATION_TIMEOUT: '20',
  FC_REGION: 'cn-beijing',
  FC_ACCOUNT_ID: '42',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
  ALIBABA_CLOUD_SECURITY_TOKEN: '',
  OWN_VARIABLE: 'own',
}
let host: HostProcess
/** before any test, in whatever order they come */
let atStart: { status: number; output: string }
let first: Awaited<ReturnType<typeof invoke>>
let second: typeof first

beforeAll(async () => {
  fs.writeFileSync(path.join(folder, 'index.js'), CODE)
  host = await startHostProcess({ ...variables, FC_CUSTOM_LISTEN_PORT: String(await freePort()) })
  // how s waits for the image
  atStart = { status: (await fetch(new URL('/', host.url))).status, output: host.output() }
  first = await invoke('initialized', { 'x-fc-request-id': 'first' })
  second = await invoke('initialized')
})
/** As `s local invoke` does; header names as it spells them. */
async function invoke(event: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await fetch(host.url, {
    method: 'POST',
    headers: { 'x-fc-request-id': 'r-1', 'X-Fc-Log-Type': 'Tail', 'X-Fc-Event-Type': 'Default', ...headers },
    body: Buffer.from(event),
  })
  const body = Buffer.from(await answer.arrayBuffer())
  const log = Buffer.from(answer.headers.get('x-fc-log-result') ?? '', 'base64')
  return {
    status: answer.status,
    headers: answer.headers,
    body,
    text: body.toString(),
    log: log.toString(),
    logBytes: log.length,
  }
}

test('the port is the one of FC_CUSTOM_LISTEN_PORT, and before the first request nothing is loaded', async () => {
  expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/2023-03-30\/functions\/function\/invocations$/)
  expect(atStart.status).toBe(404)
  expect(atStart.output).not.toContain('initializing')
})

test('the initializer is called with the first request, and once', () => {
  expect([first.text, second.text]).toEqual(['1', '1'])
  expect(first.log).toBe('FC Invoke Start RequestId: first\ninitializing for first\nFC Invoke End RequestId: first\n')
  expect(second.log).not.toContain('initializing')
})

test("the event's bytes go in, the result's come out, with what the request took", async () => {
  const { status, headers, body } = await invoke('echo')
  expect([status, body.toString()]).toEqual([200, 'echo'])
  expect(headers.get('content-type')).toBe('application/octet-stream')
  expect(headers.get('x-fc-request-id')).toBe('r-1')
  expect(headers.get('x-fc-invocation-duration')).toMatch(/^[1-9]\d*$/)
  expect(Number(headers.get('x-fc-max-memory-usage'))).toBeGreaterThan(1)
  expect(headers.has('x-fc-error-type')).toBe(false)
})

test('the log comes with the answer, and goes to the output', async () => {
  // another test may have ended the instance
  await invoke('echo')
  const { log } = await invoke('log', { 'x-fc-request-id': 'logs' })
  expect(log).toBe('FC Invoke Start RequestId: logs\n小明\nto stderr\nFC Invoke End RequestId: logs\n')
  await waitFor(() => host.output().includes('小明\nto stderr\n'))
})

test('of a long log the last 4 KB come, and no character in two', async () => {
  const { log, logBytes } = await invoke('log much')
  expect(logBytes).toBeLessThanOrEqual(4096)
  expect(logBytes).toBeGreaterThan(4090)
  expect(log).not.toContain('\uFFFD')
  expect(log).toMatch(/小{20} 1999\nFC Invoke End RequestId: r-1\n$/)
})

test('without X-Fc-Log-Type: Tail no log comes', async () => {
  expect((await invoke('log', { 'X-Fc-Log-Type': 'None' })).headers.has('x-fc-log-result')).toBe(false)
})

test.each<[string, object]>([
  ['throw', { errorMessage: 'too far', errorType: 'RangeError', stackTrace: expect.any(Array) }],
  ['exit', { errorMessage: 'Process exited unexpectedly before completing request (exit code: 3)' }],
  ['hang', { errorMessage: 'Function timed out after 2 seconds' }],
])('a function that fails by "%s" is 200 with an error, and the next request is served', async (event, error) => {
  const { status, headers, text } = await invoke(event)
  expect([status, headers.get('x-fc-error-type')]).toEqual([200, 'UnhandledInvocationError'])
  expect(headers.get('content-type')).toBe('application/json')
  expect(JSON.parse(text)).toEqual(error)
  expect((await invoke('echo')).text).toBe('echo')
})

describe('the context', () => {
  const context = {
    requestId: 'r-1',
    function: { name: 'echo', handler: 'index.handler', memory: 256, timeout: 2 },
    region: 'cn-beijing',
    accountId: '42',
    credentials: { accessKeyId: 'id', accessKeySecret: 'secret' },
  }

  test("is made of the image's variables", async () => {
    expect(JSON.parse((await invoke('context')).text)).toEqual(context)
  })

  test("is the request's where it says more", async () => {
    const { text } = await invoke('context', {
      'x-fc-function-name': 'other',
      'x-fc-function-memory': '512',
      'x-fc-function-timeout': '60',
      'x-fc-region': 'cn-shanghai',
      'x-fc-account-id': '43',
      'x-fc-access-key-id': 'id2',
      'x-fc-access-key-secret': 'secret2',
      'x-fc-security-token': 'token2',
    })
    expect(JSON.parse(text)).toEqual({
      requestId: 'r-1',
      function: { name: 'other', handler: 'index.handler', memory: 512, timeout: 60 },
      region: 'cn-shanghai',
      accountId: '43',
      credentials: { accessKeyId: 'id2', accessKeySecret: 'secret2', securityToken: 'token2' },
    })
  })

  test('is left alone by headers that are empty or no number', async () => {
    const { text } = await invoke('context', {
      'x-fc-function-name': '',
      'x-fc-function-memory': 'much',
      'x-fc-function-timeout': '-1',
      'x-fc-access-key-id': 'without its secret',
      'x-fc-region': '',
    })
    expect(JSON.parse(text)).toEqual(context)
  })
})

test("the request's handler and timeout go before the image's", async () => {
  const { text, headers } = await invoke('echo', { 'x-fc-function-handler': 'index.nobody' })
  expect(headers.get('x-fc-error-type')).toBe('UnhandledInvocationError')
  expect(JSON.parse(text)).toMatchObject({
    errorMessage: 'index.js exports no function nobody. It exports initialize, handler',
  })
  const hung = await invoke('hang', { 'x-fc-function-timeout': '0.5' })
  expect(JSON.parse(hung.text)).toEqual({ errorMessage: 'Function timed out after 0.5 seconds' })
})

test('the function sees what is set for the image', async () => {
  const environment = JSON.parse((await invoke('environment')).text)
  expect(environment).toMatchObject({ ...variables, FC_FUNC_CODE_PATH: folder })
  expect(environment).toMatchObject({ FC_INSTANCE_ID: expect.stringMatching(/^c-/) })
})

describe('a request as s local start passes it on', () => {
  async function request(method: string, httpPath: string, query: string, init: RequestInit = {}) {
    const headers = { 'X-Fc-HTTP-Path': httpPath, 'X-Fc-Event-Type': 'HTTP', 'X-Fc-Log-Type': 'Tail', ...init.headers }
    return await fetch(`${host.url}?${query}`, { ...init, method, headers })
  }

  test('is the event of an HTTP trigger, and the result its answer', async () => {
    const answer = await request('POST', '/webhook/a%20b', 'a=1&b=%E5%B0%8F&a=2', {
      headers: { 'content-type': 'application/json', 'X-A': 'a' },
      body: '{"name":"小明"}',
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-own')).toBe('own')
    expect(answer.headers.has('x-fc-log-result')).toBe(true)
    const event = (await answer.json()) as FcHttpEvent
    expect(event).toMatchObject({
      version: 'v1',
      rawPath: '/webhook/a%20b',
      body: '{"name":"小明"}',
      isBase64Encoded: false,
      queryParameters: { a: '1,2', b: '小' },
      headers: { 'Content-Type': 'application/json', 'X-A': 'a' },
      requestContext: { accountId: '42', http: { method: 'POST', path: '/webhook/a b', sourceIp: '127.0.0.1' } },
    })
    expect(Object.keys(event.headers).filter((name) => /^x-fc-/i.test(name))).toEqual([])
  })

  test.each([
    ['no query, as s writes it', 'null'],
    ['no query', ''],
  ])('%s, is none', async (_name, query) => {
    const { rawPath, queryParameters } = (await (await request('GET', '/', query)).json()) as FcHttpEvent
    expect({ rawPath, queryParameters }).toEqual({ rawPath: '/', queryParameters: {} })
  })

  test.each(['GET', 'PUT', 'DELETE'])('may be a %s', async (method) => {
    expect(await (await request(method, '/', '')).json()).toMatchObject({ requestContext: { http: { method } } })
  })

  test('whose function fails is 502 with the error', async () => {
    const answer = await request('POST', '/throw', '')
    expect([answer.status, answer.headers.get('x-fc-error-type')]).toEqual([502, 'UnhandledInvocationError'])
    expect(await answer.json()).toMatchObject({ errorMessage: 'too far' })
  })

  test('whose function gives no HTTP response is 502', async () => {
    const answer = await request('POST', '/bad', '')
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ Code: 'BadGateway' })
  })
})

test.each(['localhost:9001', 'LOCALHOST:9001', '[::1]:9001', '127.0.0.2'])('the host %s is served', async (name) => {
  expect((await rawPost(name)).status).toBe(200)
})

test('another host is refused, and told why', async () => {
  const { status, text } = await rawPost('attacker.example:9001')
  expect([status, JSON.parse(text)]).toEqual([403, expect.objectContaining({ Code: 'Forbidden' })])
})

/** fetch takes no Host header. */
async function rawPost(name: string): Promise<{ status: number | undefined; text: string }> {
  const request = http.request(host.url, { method: 'POST', headers: { host: name } })
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>
  request.end('echo')
  const [answer] = await answered
  return { status: answer.statusCode, text: (await buffer(answer)).toString() }
}

describe('refused is', () => {
  test.each<[string, string, RequestInit, number]>([
    ['another path', '/2016-08-15/functions/function/invocations', { method: 'POST' }, 404],
    ['a GET without an HTTP event', '/2023-03-30/functions/function/invocations', {}, 405],
    [
      'a page of another origin',
      '/2023-03-30/functions/function/invocations',
      { method: 'POST', headers: { origin: 'http://evil.example' } },
      403,
    ],
  ])('%s', async (_name, url, init, status) => {
    expect((await fetch(new URL(url, host.url), init)).status).toBe(status)
  })
})

describe('--invoke', () => {
  // not spawnSync: while it waits, the host closes our idle connections and fetch does not see it
  const run = async (args: string[], input = '', changes: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/host/index.ts', ...args], {
      cwd: path.join(__dirname, '../..'),
      env: { PATH: process.env['PATH'], ...variables, ...changes },
    })
    child.stdin.end(input)
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { status: status[0] as number | null, stdout, stderr }
  }

  test('prints log, result and what it took, as s local invoke does', async () => {
    const file = path.join(folder, 'event.json')
    fs.writeFileSync(file, '{ "a": 12345678901234567890 }')
    const { status, stdout } = await run(['--invoke', file])
    const [start, initializing, end, empty, result, summary] = stdout.split('\n')
    expect([status, empty, result]).toEqual([0, '', '{"unknown":"{ \\"a\\": 12345678901234567890 }"}'])
    const id = start?.replace('FC Invoke Start RequestId: ', '')
    expect([initializing, end]).toEqual([`initializing for ${id}`, `FC Invoke End RequestId: ${id}`])
    expect(summary).toMatch(
      /^RequestId: \S+ {4}Billed Duration: \d+ ms {4}Memory Size: 256 MB {4}Max Memory Used: [\d.]+ MB$/,
    )
  })

  test('takes the event from stdin, and its exit code is 1 when the function fails', async () => {
    const { status, stdout } = await run(['--invoke', '-'], 'throw')
    expect(status).toBe(1)
    expect(stdout).toContain('{"errorMessage":"too far","errorType":"RangeError"')
  })

  test.each<[string, string[], string, Record<string, string>?]>([
    ['a file that is not there', ['--invoke', 'nowhere.json'], 'nowhere.json cannot be read.'],
    [
      'a function that s.yaml lacks',
      ['--function', 'nobody'],
      's.yaml has no function nobody. It has: dingtalk-webhook',
    ],
    ['a port that is none', ['--port', 'x'], 'FC_CUSTOM_LISTEN_PORT must be a number above 0.'],
    [
      'a port that is taken',
      ['--port', 'TAKEN'],
      'is in use. Stop what uses it, or choose another: FC_CUSTOM_LISTEN_PORT=',
    ],
    [
      'a folder without the file',
      ['--invoke', '-'],
      'has no main.js or main.mjs',
      { FC_FUNCTION_HANDLER: 'main.handler' },
    ],
    [
      'a database of the cloud',
      [],
      'MYSQL_HOST is not on this machine.',
      { MYSQL_HOST: 'rm-x.mysql.rds.aliyuncs.com' },
    ],
    [
      'a key of the cloud, with which the function would go to the default endpoint',
      [],
      'ALIBABA_CLOUD_ACCESS_KEY_ID may be a key of the cloud.',
      { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tExampleExample' },
    ],
    [
      'a folder that is none',
      ['--invoke', '-'],
      'FC_FUNC_CODE_PATH names no folder.',
      { FC_FUNC_CODE_PATH: '/nowhere' },
    ],
  ])('%s is refused in one line', async (_name, args, message, changes = {}) => {
    const given = args.map((argument) => (argument === 'TAKEN' ? new URL(host.url).port : argument))
    const { status, stderr } = await run(given, '', changes)
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1])
    expect(stderr).toContain(message)
  })
})

import http from 'node:http'
import { listen, type Origin } from '../../../local/origin'
import { UserError } from '../../../shared/userError'
import { freePort } from '../../support/freePort'

let port: number
let origin: Origin

const door = (name: string) => (_: http.IncomingMessage, res: http.ServerResponse) => {
  res.end(name)
  return Promise.resolve()
}

beforeAll(async () => {
  port = await freePort()
  origin = await listen(port, 'tunnel.example.org')
  expect(await get('/')).toEqual([503, expect.stringContaining('Starting')])
  origin.open({ webhook: door('webhook'), openApi: door('openApi'), invoke: door('invoke'), tracePage: () => 'trace' })
})

afterAll(() => origin.close())

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve([response.statusCode ?? 0, body]))
    })
    request.on('error', reject)
    request.end()
  })
}

test.each([
  ['/', 200, 'trace'],
  ['/?x=1', 200, 'trace'],
  ['/webhook/putEvents?token=x', 200, 'webhook'],
  ['/webhook/other', 200, 'webhook'],
  ['/openapi/putEvents', 200, 'openApi'],
  ['/openapi/v2/createEventSource', 200, 'openApi'],
  ['/2023-03-30/functions/x/invocations', 200, 'invoke'],
  ['/webhook/../openapi/putEvents', 200, 'webhook'],
  ['/webhook', 404, 'NotFound'],
  ['/favicon.ico', 404, 'NotFound'],
  ['/openapi', 404, 'NotFound'],
])('%s: %i %s', async (path, status, body) => {
  expect(await get(path)).toEqual([status, expect.stringContaining(body)])
})

test('the trace page is only read', async () => {
  expect(await get('/', {}, 'POST')).toEqual([404, expect.anything()])
})

test.each<[string, string, Record<string, string>, number]>([
  ['another host name', '/', { host: 'attacker.example' }, 403],
  ['another port', '/', { host: '127.0.0.1:1' }, 403],
  ['localhost', '/', { host: 'localhost:PORT' }, 200],
  ['a page of another origin', '/openapi/putEvents', { origin: 'https://attacker.example' }, 403],
  ['a page of an opaque origin', '/', { origin: 'null' }, 403],
  ['our own page', '/', { origin: 'http://127.0.0.1:PORT' }, 200],
  ['the tunnel, to the webhook', '/webhook/putEvents', { host: 'tunnel.example.org' }, 200],
  ['the tunnel, to the trace page', '/', { host: 'tunnel.example.org' }, 403],
  ['the tunnel, to the API', '/openapi/putEvents', { host: 'tunnel.example.org' }, 403],
])('%s: %s', async (_, path, headers, status) => {
  const filled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]),
  )
  expect((await get(path, filled))[0]).toBe(status)
})

test('a port in use is one line that says what to do', async () => {
  await expect(listen(port, undefined)).rejects.toThrow(UserError)
  await expect(listen(port, undefined)).rejects.toThrow(
    `Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
  )
})

import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { toHttpEvent } from '../../../local/gateway/httpTrigger'
import { LOCAL_ACCOUNT } from '../../../local/project/account'
import { temporaryFolder } from '../../support/temporaryFolder'

const dist = temporaryFolder()
beforeAll(() => buildFunctions(dist))

const VARIABLES = {
  EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:9',
  EVENT_BUS_NAME: 'tested',
  WEBHOOK_TOKEN: 'a-token-of-the-tests',
  DINGTALK_APP_KEY: 'dingtested',
  DINGTALK_APP_SECRET: 'a-secret-of-the-tests',
  DINGTALK_CORP_ID: 'dingtested',
  MYSQL_HOST: '127.0.0.1',
  MYSQL_USER: 'tested',
  MYSQL_PASSWORD: 'tested',
  MYSQL_DATABASE: 'tested',
  MYSQL_SSL: 'off',
}

/** How much of each call small collections leave behind, and how much a full one. */
const MEASURE = `
  const CALLS = 3000
  const { handler } = require(process.argv[1])
  const event = require('node:fs').readFileSync(0)
  console.log = () => {}
  const used = () => process.memoryUsage().heapUsed
  const callOften = async (calls) => { for (let call = 0; call < calls; call++) await handler(event, { requestId: 'r' }) }
  void (async () => {
    await callOften(500)
    gc()
    const before = used()
    await callOften(CALLS)
    for (let times = 0; times < 3; times++) gc({ type: 'minor' })
    const afterSmall = used()
    gc()
    process.stdout.write(JSON.stringify({ untilFull: (afterSmall - used()) / CALLS, forGood: (used() - before) / CALLS }))
  })()`

function keptOf(name: string, event: object): { untilFull: number; forGood: number } {
  const args = ['--expose-gc', '-e', MEASURE, path.join(dist, name, 'index.js')]
  const env = { PATH: process.env['PATH'], ...VARIABLES }
  return JSON.parse(execFileSync(process.execPath, args, { input: JSON.stringify(event), env, encoding: 'utf8' }))
}

function refusedRequest(): object {
  const headers = { host: 'local.fcapp.run', 'content-type': 'application/json' }
  const rawHeaders = Object.entries(headers).flat()
  const socket = { remoteAddress: '203.119.0.1' }
  const request = { method: 'POST', url: '/webhook/putEvents', httpVersion: '1.1', headers, rawHeaders, socket }
  return toHttpEvent(request, Buffer.from('{}'), { ...LOCAL_ACCOUNT, requestId: 'r', now: new Date() })
}

const OF_NO_TABLE = {
  id: 'event-1',
  source: 'my.dingtalk',
  specversion: '1.0',
  type: 'eventbridge:Events:HTTPEvent',
  time: '2026-11-26T08:00:00Z',
  data: {
    headers: {},
    path: '/webhook/putEvents',
    body: { EventType: 'check_in' },
    httpMethod: 'POST',
    queryString: {},
  },
}

// What small collections leave behind lets the memory grow up to the next full one, and costs CPU.
test.each([
  ['webhook', refusedRequest()],
  ['employees', OF_NO_TABLE],
  ['enrich', OF_NO_TABLE],
])('what a call of %s needed is garbage once it is answered', (name, event) => {
  const kept = keptOf(name, event)
  expect(kept.untilFull).toBeLessThan(500)
  expect(kept.forGood).toBeLessThan(300)
})

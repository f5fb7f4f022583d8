import { handler } from '../../../functions/reconcile/index'
import { type DingtalkServer, dingtalkServer, gatewayError } from '../../support/dingtalkServer'
import { deliveredEvent } from '../../support/events'
import { fcContext } from '../../support/fcEvent'
import { answerFor, testOrganisation } from '../../support/organisation'
import { story } from '../../support/story'

// an instance remembers when its last walk began: that of this file has done none before

let server: DingtalkServer
const environment = { ...process.env }
let lines: Record<string, unknown>[]

beforeAll(async () => {
  server = await dingtalkServer()
  server.answer(answerFor(testOrganisation()))
  server.answer(({ path, text }) => {
    if (path !== 'openapi/putEvents') return undefined
    const events = JSON.parse(text) as unknown[]
    return { RequestId: 'R', FailedEntryCount: 0, EntryList: events.map(() => ({ EventId: 'e' })) }
  })
})
const step = story()
step.beforeEach(() => {
  lines = []
  const keep = (line: unknown) => void lines.push(JSON.parse(String(line)))
  jest.spyOn(console, 'log').mockImplementation(keep)
  jest.spyOn(console, 'error').mockImplementation(keep)
})
afterEach(() => jest.restoreAllMocks())
afterAll(async () => {
  process.env = environment
  await server.close()
})

const invoke = (payload: unknown) => {
  process.env = {
    DINGTALK_APP_KEY: 'dinginvented',
    DINGTALK_APP_SECRET: 'planted-secret',
    DINGTALK_CORP_ID: 'dingcorp',
    DINGTALK_API_ENDPOINT: server.url,
    DINGTALK_OAPI_ENDPOINT: server.url,
    DINGTALK_CALLS_PER_S: '60',
    EVENTBRIDGE_ENDPOINT: server.url,
    EVENT_BUS_NAME: 'dingtalk',
    LOG_HASH_KEY: 'a key for the tests',
  }
  return handler(Buffer.from(JSON.stringify(payload)), { ...fcContext, function: { timeout: 600 } })
}
const callsSoFar = () => server.asked.filter(({ path }) => path !== 'openapi/putEvents').length

step('a walk without rosters answers no event, and one with them all that happened before it', async () => {
  const changed = deliveredEvent(
    { EventType: 'inner_app_scopes_change', CorpId: 'dingcorp' },
    { time: new Date(Date.now() - 3_600_000).toISOString() },
  )
  let count = 99
  server.answer(({ path }) => (path === 'topapi/user/count' ? { errcode: 0, result: { count } } : undefined))
  for (const outcome of ['withheld', 'withheld', 'walked', 'walked_since']) {
    if (outcome === 'walked') count = 5
    expect(await invoke(changed)).toMatchObject({ outcome })
  }
  expect(lines).toMatchObject([
    { level: 'error', outcome: 'withheld' },
    { level: 'error', outcome: 'withheld' },
    { level: 'info', outcome: 'walked' },
    { level: 'info', outcome: 'walked_since' },
  ])
})

step('each line has the calls and the time of its own invocation', async () => {
  for (const _time of [1, 2]) {
    const [before, from] = [callsSoFar(), performance.now()]
    await invoke({ payload: 'full' })
    const { calls, ms } = lines.at(-1) ?? {}
    expect(calls).toBe(callsSoFar() - before)
    expect(ms).toBeLessThanOrEqual(Math.ceil(performance.now() - from))
  }
})

step('and so has that of a walk that cannot be done, with what it lacks', async () => {
  await invoke({ payload: 'full' })
  const before = callsSoFar()
  server.answer(({ path }) =>
    path === 'topapi/v2/user/list' ? gatewayError('60011', '[qyapi_get_department_member]') : undefined,
  )
  await expect(invoke({ payload: 'full' })).rejects.toMatchObject({ code: '60011' })
  expect(lines.at(-1)).toMatchObject({ outcome: 'reconcile_failed', calls: callsSoFar() - before })
  expect(lines.at(-1)?.['detail']).toMatch(/the app lacks qyapi_get_department_member/)
})

step('a doctor with a fault of its own is a failed invocation, and quotes nothing', async () => {
  process.env = {
    get DINGTALK_CORP_ID(): never {
      throw new TypeError('planted')
    },
  }
  const failed = handler(Buffer.from('{"maintenance":"doctor"}'), fcContext)
  await expect(failed).rejects.toThrow('planted')
  expect(lines).toMatchObject([{ level: 'error', outcome: 'reconcile_failed', task: 'doctor', calls: 0 }])
  expect(JSON.stringify(lines)).not.toContain('planted')
})

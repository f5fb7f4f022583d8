import { handler as enrich } from '../../../functions/enrich/index'
import { handler as reconcile } from '../../../functions/reconcile/index'
import { isObject } from '../../../shared/json'
import { gatewayError } from '../../support/dingtalkServer'
import { directoryFunctions } from '../../support/directoryFunctions'
import { deliveredEvent } from '../../support/events'
import { fcContext } from '../../support/fcEvent'
import { story } from '../../support/story'

const step = story()
const functions = directoryFunctions(step)
const { invoke } = functions
const published = () =>
  functions.server.askedFor('openapi/putEvents').flatMap(({ text }) => JSON.parse(text) as Record<string, unknown>[])
const delivery = deliveredEvent(
  { EventType: 'user_add_org', CorpId: 'dingcorp', userId: ['0147'] },
  { id: 'delivered-1' },
)

step.each<[string, typeof enrich, unknown, string]>([
  ['enrich', enrich, delivery, 'enrich_failed'],
  ['reconcile', reconcile, { payload: 'full' }, 'reconcile_failed'],
])(
  '%s with a bad configuration throws each time, and names the variables without their values',
  async (_, handler, payload, outcome) => {
    const bad = { DINGTALK_APP_KEY: 'not a key, planted', DINGTALK_API_ENDPOINT: 'http://planted.example.com' }
    for (const _time of [1, 2]) {
      await expect(invoke(handler, payload, bad)).rejects.toThrow(
        /DINGTALK_APP_KEY.*DINGTALK_APP_SECRET: is not set.*DINGTALK_API_ENDPOINT/,
      )
    }
    expect(functions.lines).toHaveLength(2)
    expect(functions.lines[0]).toMatchObject({ level: 'error', requestId: 'request-1', outcome, calls: 0 })
    expect(functions.lines[0]?.['detail']).toMatch(/DINGTALK_APP_SECRET: is not set/)
    expect(JSON.stringify(functions.lines)).not.toContain('planted')
  },
)

describe('with a configuration', () => {
  step('enrich publishes on the bus, and its line has the id that the webhook logged', async () => {
    expect(await invoke(enrich, delivery)).toMatchObject({ received: 1, found: 1 })
    const [event] = published()
    expect(event).toMatchObject({
      source: 'my.dingtalk',
      type: 'dingtalk:Directory:Snapshot',
      subject: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dingtalk/eventsource/my.dingtalk',
      aliyuneventbusname: 'dingtalk',
      data: { body: { userId: '0147' } },
    })
    expect(JSON.stringify(event)).not.toContain('avatar')
    expect(functions.lines).toMatchObject([
      { level: 'info', eventId: 'delivered-1', outcome: 'done', found: 1, calls: 2 },
    ])
    expect(functions.lines[0]?.['users']).toMatch(/^[0-9a-f]{16}$/)
  })

  step('a context that does not say how long it may take is one of s.yaml', async () => {
    const { function: _, ...context } = { ...fcContext, function: undefined }
    process.env = functions.variables()
    expect(await enrich(Buffer.from(JSON.stringify(delivery)), context)).toMatchObject({ found: 1, later: 0 })
  })

  step.each<[string, typeof enrich, unknown, string]>([
    ['enrich', enrich, delivery, 'enrich_failed'],
    ['reconcile', reconcile, { payload: 'full' }, 'reconcile_failed'],
  ])('of an error that nobody expected %s logs where it came from, and nothing that it quotes', async (...args) => {
    const [, handler, payload, outcome] = args
    process.env = functions.variables()
    const context = {
      ...fcContext,
      get credentials(): never {
        throw new TypeError('planted')
      },
    }
    await expect(handler(Buffer.from(JSON.stringify(payload)), context)).rejects.toThrow('planted')
    expect(functions.lines).toMatchObject([
      { level: 'error', outcome, detail: expect.stringMatching(/^TypeError at .*credentials/) },
    ])
    expect(JSON.stringify(functions.lines)).not.toContain('planted')
  })

  step('enrich throws what a later try can mend, and says in words for an operator what it lacks', async () => {
    let isRefused = true
    functions.server.answer(({ path }) =>
      path === 'topapi/v2/user/get' && isRefused
        ? gatewayError('60011', '[qyapi_get_member] https://open-dev.dingtalk.com/appscope/apply?content=x')
        : undefined,
    )
    await expect(invoke(enrich, delivery)).rejects.toMatchObject({ name: 'DingtalkError', code: '60011' })
    expect(functions.lines).toMatchObject([
      { level: 'error', eventId: 'delivered-1', outcome: 'enrich_failed', code: '60011', reaction: 'denied', calls: 1 },
    ])
    expect(functions.lines[0]?.['detail']).toMatch(/qyapi_get_member.*https:\/\/open-dev.dingtalk.com/)
    isRefused = false
    await invoke(enrich, delivery)
  })

  step('reconcile walks when a timer says so, with one line of what it found', async () => {
    const before = published().length
    const timer = { triggerTime: '2026-01-01T18:10:00Z', triggerName: 'nightly', payload: 'full' }
    expect(await invoke(reconcile, timer)).toMatchObject({ outcome: 'walked', people: 5, rosters: 2 })
    expect(published().slice(before)).toHaveLength(11)
    expect(functions.lines).toMatchObject([
      {
        level: 'info',
        requestId: 'request-1',
        outcome: 'walked',
        departments: 4,
        people: 5,
        calls: expect.any(Number),
      },
    ])
    expect(Object.values(functions.lines[0] ?? {}).some(isObject)).toBe(false)
  })

  step.each<[string, number, string]>([
    ['an hour before it', -3_600_000, 'walked_since'],
    ['at about the same time, as clocks differ,', -30_000, 'walked'],
    ['after it', 1_000, 'walked'],
  ])('of a range that was changed %s the last walk has told, or not', async (_, sinceThen, outcome) => {
    const changed = deliveredEvent(
      { EventType: 'inner_app_scopes_change', CorpId: 'dingcorp' },
      { id: 'delivered-2', time: new Date(Date.now() + sinceThen).toISOString() },
    )
    const before = functions.server.asked.length
    expect(await invoke(reconcile, changed)).toMatchObject({ outcome })
    expect(functions.lines).toMatchObject([{ level: 'info', outcome }])
    expect(functions.server.asked.length > before).toBe(outcome === 'walked')
  })

  step('reconcile publishes the events that DingTalk could not deliver', async () => {
    functions.server.answer(({ path }) =>
      path === 'call_back/get_call_back_failed_result'
        ? { errcode: 0, failed_list: [{ user_add_org: { userid: ['0147'] }, call_back_tag: 'user_add_org' }] }
        : undefined,
    )
    expect(await invoke(reconcile, { payload: 'failed' })).toMatchObject({ outcome: 'failed_pushes', events: 1 })
    expect(published().at(-1)).toMatchObject({ type: 'eventbridge:Events:HTTPEvent' })
  })

  step.each<[string, typeof enrich, unknown, number]>([
    ['enrich', enrich, delivery, 1],
    ['reconcile, of the events that DingTalk could not deliver,', reconcile, { payload: 'failed' }, 1],
    ['reconcile, of a walk,', reconcile, { payload: 'full' }, 9],
  ])('%s says which events EventBridge refuses for ever', async (_, handler, payload, count) => {
    let refuses = true
    functions.server.answer(({ path, text }) => {
      if (path !== 'openapi/putEvents' || !refuses) return undefined
      const isRoster = text.includes('_roster')
      const entries = (JSON.parse(text) as unknown[]).map(() => (isRoster ? {} : { ErrorCode: 'EventSizeExceed' }))
      return { RequestId: 'R', FailedEntryCount: isRoster ? 0 : entries.length, EntryList: entries }
    })
    await invoke(handler, payload)
    refuses = false
    expect(functions.lines).toContainEqual(
      expect.objectContaining({ level: 'error', outcome: 'set_aside', count, code: 'EventSizeExceed' }),
    )
  })

  step('reconcile does nothing for an event that asks for nothing', async () => {
    const before = functions.server.asked.length
    expect(await invoke(reconcile, delivery)).toEqual({ outcome: 'ignored' })
    expect(functions.server.asked).toHaveLength(before)
  })

  step('a walk without rosters is a line of errors', async () => {
    functions.server.answer(({ path }) =>
      path === 'topapi/user/count' ? { errcode: 0, result: { count: 99 } } : undefined,
    )
    expect(await invoke(reconcile, {})).toMatchObject({ outcome: 'withheld', shortfall: 94 })
    expect(functions.lines).toMatchObject([{ level: 'error', outcome: 'withheld', shortfall: 94 }])
  })

  step('a walk that cannot be done says which, why, and after how many calls', async () => {
    let isRefused = true
    functions.server.answer(({ path }) =>
      path === 'topapi/v2/user/list' && isRefused ? gatewayError('60011', '[qyapi_get_department_member]') : undefined,
    )
    await expect(invoke(reconcile, { payload: 'full' })).rejects.toMatchObject({ code: '60011' })
    isRefused = false
    const told = { outcome: 'reconcile_failed', task: 'full', code: '60011', reaction: 'denied' }
    expect(functions.lines).toMatchObject([{ level: 'error', ...told, calls: expect.any(Number) }])
    expect(functions.lines[0]?.['calls']).toBeGreaterThan(1)
  })

  step('enrich says with which code DingTalk refuses to be asked', async () => {
    let isRefused = true
    functions.server.answer(({ path }) =>
      path === 'topapi/v2/user/get' && isRefused ? { errcode: 400002, errmsg: 'planted' } : undefined,
    )
    await invoke(enrich, delivery)
    isRefused = false
    expect(functions.lines).toMatchObject([
      { level: 'info', outcome: 'done', found: 0, refused: 1, code: '400002', calls: 1 },
    ])
  })

  step('reconcile’s doctor tells whoever invokes it, and the log no more than that it was asked', async () => {
    expect(await invoke(reconcile, { maintenance: 'doctor' })).toMatch(/^ {2}ok +DingTalk app key +accepted by 127/)
    expect(functions.lines).toEqual([
      { level: 'info', requestId: 'request-1', ms: expect.any(Number), maintenance: 'doctor', outcome: 'done' },
    ])
    const lacking = await invoke(
      reconcile,
      { maintenance: 'doctor' },
      { ...functions.variables(), DINGTALK_APP_SECRET: '' },
    )
    expect(lacking).toMatch(/^ {2}wrong +variables +DINGTALK_APP_SECRET: is not set\n +→ set them in \.env/)
  })

  step('a payload that names no task is refused', async () => {
    await expect(invoke(reconcile, { payload: 'everything' })).rejects.toThrow('names no task')
  })
})

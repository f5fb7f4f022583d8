import { createEmployees } from '../../../functions/employees/employees'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { Repository } from '../../../functions/employees/repository'
import { handler as enrich } from '../../../functions/enrich/index'
import { handler as reconcile } from '../../../functions/reconcile/index'
import { systemClock } from '../../../shared/clock'
import type { FcHandler } from '../../../shared/fc/types'
import { seedBody } from '../../fixtures/seedBody'
import { type Answer, type Asked, dingtalkServer, gatewayError } from '../../support/dingtalkServer'
import { readDocument } from '../../support/documents'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { fcContext } from '../../support/fcEvent'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { answerFor, testOrganisation } from '../../support/organisation'
import { setUpWebhook } from '../../support/webhook'

type Line = Readonly<Record<string, unknown>>

/** The alarms' queries by their names, from docs/operations.md. */
const text = readDocument('docs/operations.md').text
const alarms = [...text.matchAll(/^\*\*\d+\. ([^*]+)\.\*\*/gm)].map(([, name = '']) => name)
const queries = new Map(
  [...text.matchAll(/^\*\*\d+\. ([^*]+)\.\*\*[^\n]+\n\n```sls\n(.+)\n```/gm)].map(([, name = '', query = '']) => [
    name,
    query,
  ]),
)

/** Real lines of all functions: one of each thing that can happen. */
const lines: Record<string, Line> = {}

beforeAll(async () => {
  const json = { 'content-type': 'application/json' }
  const webhook = async (environment: Record<string, string>, putEvents?: () => Promise<never>) => {
    const { post, log } = setUpWebhook(environment, putEvents)
    await post({ headers: json, body: seedBody })
    return log.lines.at(-1) ?? {}
  }
  lines['published'] = await webhook({})
  lines['slow'] = { ...lines['published'], ms: 1_200 }
  lines['refused'] = await webhook({ WEBHOOK_TOKEN: 'a-token-of-sixteen-characters' })
  lines['not published'] = await webhook({}, () => Promise.reject(new Error('no connection')))
  lines['bad configuration'] = await badConfiguration()
  lines['done'] = await delivery(seedBody)
  lines['dead letter'] = await delivery('{"syncAction":"user_add_org"}')
  lines['bad value'] = await delivery(seedBody.replace('"active":true', '"active":"perhaps"'))
  lines['brake'] = await brake()
  lines['failed'] = await delivery(seedBody, () => Promise.reject(new DatabaseError('ECONNREFUSED')))
  const push = setUpWebhook()
  await push.post({ headers: json, body: '{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[{"id":1,"biz_data":"{"}]}' })
  lines['set aside'] = push.log.lines[0] ?? {}
  Object.assign(lines, await directoryLines())
  // a walk counts what it has published, and takes as long as the organisation is large
  lines['walked'] = { ...lines['walked'], ms: 60_000 }
})

/** What enrich and reconcile write, before a DingTalk and a bus that a test answers for. */
async function directoryLines(): Promise<Record<string, Line>> {
  const server = await dingtalkServer()
  const answers: Answer[] = []
  server.answer(answerFor(testOrganisation()))
  server.answer(({ path, text }) => {
    if (path !== 'openapi/putEvents') return undefined
    return {
      RequestId: 'R',
      FailedEntryCount: 0,
      EntryList: (JSON.parse(text) as object[]).map(() => ({ EventId: 'e' })),
    }
  })
  server.answer((asked) => answers.map((answer) => answer(asked)).find((reply) => reply !== undefined))
  const before = process.env
  process.env = {
    DINGTALK_APP_KEY: 'dinginvented',
    DINGTALK_APP_SECRET: 'planted-secret',
    DINGTALK_CORP_ID: 'dingcorp',
    DINGTALK_API_ENDPOINT: server.url,
    DINGTALK_OAPI_ENDPOINT: server.url,
    DINGTALK_CALLS_PER_S: '60',
    EVENTBRIDGE_ENDPOINT: server.url,
    EVENT_BUS_NAME: 'dingtalk',
  }
  const written: string[] = []
  const keep = (text: unknown) => void written.push(String(text))
  const { after } = systemClock
  const spies = [
    ...[jest.spyOn(console, 'log'), jest.spyOn(console, 'error')].map((spy) => spy.mockImplementation(keep)),
    // before another try they wait a tenth of the time
    jest.spyOn(systemClock, 'after').mockImplementation((ms, callback) => after(ms / 10, callback)),
  ]
  const lineOf = async (handler: FcHandler, payload: object, answer?: Answer): Promise<Line> => {
    answers.splice(0, 1, ...(answer === undefined ? [] : [answer]))
    await handler(Buffer.from(JSON.stringify(payload)), { ...fcContext, function: { timeout: 600 } }).catch(() => {})
    return JSON.parse(written.at(-1) ?? '{}') as Line
  }
  const event = deliveredEvent({ EventType: 'user_add_org', CorpId: 'dingcorp', userId: ['0147'] })
  const at = (path: string, reply: object) => (asked: Asked) => (asked.path === path ? reply : undefined)
  const full = { payload: 'full' }
  try {
    return {
      enriched: await lineOf(enrich, event),
      'enrich refused': await lineOf(
        enrich,
        event,
        at('topapi/v2/user/get', gatewayError('60011', '[qyapi_get_member]')),
      ),
      'enrich unreadable': await lineOf(enrich, event, at('topapi/v2/user/get', { errcode: 0, result: {} })),
      walked: await lineOf(reconcile, full),
      'failed pushes': await lineOf(
        reconcile,
        { payload: 'failed' },
        at('call_back/get_call_back_failed_result', { errcode: 0, failed_list: [] }),
      ),
      'walk refused': await lineOf(
        reconcile,
        full,
        at('topapi/v2/user/list', gatewayError('60011', '[qyapi_get_member]')),
      ),
      'walk unpublished': await lineOf(
        reconcile,
        full,
        at('openapi/putEvents', { status: 403, body: { Code: 'NoRight' } }),
      ),
      'range empty': await lineOf(
        reconcile,
        full,
        at('auth/scopes', { errcode: 0, auth_org_scopes: { authed_dept: [], authed_user: [] } }),
      ),
      'not all read': await lineOf(reconcile, full, at('topapi/user/listid', { errcode: 50002, errmsg: 'x' })),
      'too few': await lineOf(reconcile, full, at('topapi/user/count', { errcode: 0, result: { count: 99 } })),
      'walk asked by a doctor': await lineOf(reconcile, { maintenance: 'doctor' }),
    }
  } finally {
    process.env = before
    for (const spy of spies) spy.mockRestore()
    await server.close()
  }
}

async function delivery(
  body: string,
  apply: Repository['apply'] = async () => ({ refused: [], unfit: [] }),
): Promise<Line> {
  const log = keptLog()
  const employees = createEmployees({
    mappings: [shippedMapping],
    defaults: { DINGTALK_CORP_ID: '' },
    repository: { apply, applyRoster: async () => undefined, bury: async () => {} },
    logHashKey: undefined,
    now: Date.now,
    log,
  })
  const event = deliveredEvent(JSON.parse(body))
  await Promise.resolve(employees(Buffer.from(JSON.stringify(event)), { requestId: 'r' })).catch(() => {})
  return log.lines.at(-1) ?? {}
}

/** The line that tells of the brake, beside the delivery's own. */
async function brake(): Promise<Line> {
  const log = keptLog()
  const employees = createEmployees({
    mappings: [shippedMapping],
    defaults: { DINGTALK_CORP_ID: '' },
    repository: {
      apply: async () => ({ refused: [], unfit: [] }),
      applyRoster: async () => ({ leavers: 7, range: 9, most: 5, by: 'MAX_LEAVERS' }),
      bury: async () => {},
    },
    logHashKey: undefined,
    now: Date.now,
    log,
  })
  const roster = rosterEvent({ ids: [], EventTime: Date.now() })
  await employees(Buffer.from(JSON.stringify(roster)), { requestId: 'r' })
  return log.lines.find(({ outcome }) => outcome === 'brake') ?? {}
}

/** What the webhook's index.ts writes when it is loaded with variables that cannot be. */
async function badConfiguration(): Promise<Line> {
  const written: string[] = []
  const spy = jest.spyOn(console, 'error').mockImplementation((text: string) => void written.push(text))
  const before = { ...process.env }
  process.env['REQUEST_BUDGET_MS'] = 'soon'
  await jest.isolateModulesAsync(async () => void (await import('../../../functions/webhook/index')))
  process.env = before
  spy.mockRestore()
  return JSON.parse(written[0] ?? '{}') as Line
}

/** As they are, and as Function Compute's own console.log may write them. */
const writings: [string, (line: Line) => string][] = [
  ['a line by itself', (line) => JSON.stringify(line)],
  [
    'a line with a time before it',
    (line) => `2026-11-24T08:00:00.000Z 1-6743-401-500 [verbose] ${JSON.stringify(line)}`,
  ],
]

describe.each(writings)('%s', (_, write) => {
  test.each([
    ['The webhook cannot work', 'bad configuration'],
    ['Events are not published', 'not published'],
    ['Strangers, or a secret that changed', 'refused'],
    ['Slow', 'slow'],
    ['Rows are not stored', 'failed'],
    ['An event can never be stored', 'dead letter'],
    ['A value cannot be read, or a row of a push', 'bad value', 'set aside'],
    ['A roster was stopped', 'brake'],
    [
      'A walk broke off, or did not see everybody',
      'walk refused',
      'walk unpublished',
      'range empty',
      'not all read',
      'too few',
    ],
    ['No walk for a day', 'walked'],
    ['Enrich does not read', 'enrich refused', 'enrich unreadable'],
    ['DingTalk lets us ask no more', 'enrich refused', 'walk refused', 'range empty'],
    ['DingTalk counts more people than it shows', 'too few'],
  ])('%s', (alarm, ...found) => {
    const query = queries.get(alarm) ?? 'no query'
    expect(Object.keys(lines).filter((name) => finds(query, write(lines[name] ?? {})))).toEqual(found)
  })
})

test('there are fourteen, and each that is in the log is tried here', () => {
  expect(alarms).toHaveLength(14)
  expect(queries.size).toBe(13)
})

/** The little of Simple Log Service's query language that the alarms use. */
function finds(query: string, message: string): boolean {
  const [search = '', select] = query.split(' | ')
  const words = new Set(message.split(/[\s,'";=()[\]{}?@&<>/:]+/))
  const isFound = (all: string) => all.split(' and ').every((word) => words.has(word))
  if (!search.split(' or ').some(isFound)) return false
  if (select === undefined || select === 'SELECT count(*) AS lines') return true
  const [, pattern = '', operator, number = ''] =
    /^SELECT count\(\*\) AS lines WHERE cast\(regexp_extract\(message, '(.+)', 1\) AS bigint\) (>=|=) (\d+)$/.exec(
      select,
    ) ?? []
  const value = Number(new RegExp(pattern).exec(message)?.[1])
  return operator === '>=' ? value >= Number(number) : value === Number(number)
}

import { createEmployees } from '../../../functions/employees/employees'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { Repository } from '../../../functions/employees/repository'
import { seedBody } from '../../fixtures/seedBody'
import { readDocument } from '../../support/documents'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { setUpWebhook } from '../../support/webhook'

type Line = Readonly<Record<string, unknown>>

/** The alarms' queries by their names, from docs/operations.md. */
const text = readDocument('docs/operations.md').text
const alarms = [...text.matchAll(/^\*\*\d\. ([^*]+)\.\*\*/gm)].map(([, name = '']) => name)
const queries = new Map(
  [...text.matchAll(/^\*\*\d\. ([^*]+)\.\*\*[^\n]+\n\n```sls\n(.+)\n```/gm)].map(([, name = '', query = '']) => [
    name,
    query,
  ]),
)

/** Real lines of both functions: one of each thing that can happen. */
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
})

async function delivery(
  body: string,
  apply: Repository['apply'] = async () => ({ refused: [], unfit: [] }),
): Promise<Line> {
  const log = keptLog()
  const employees = createEmployees({
    mapping: shippedMapping,
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
    mapping: shippedMapping,
    defaults: { DINGTALK_CORP_ID: '' },
    repository: {
      apply: async () => ({ refused: [], unfit: [] }),
      applyRoster: async () => ({ leavers: 7, range: 9, most: 5 }),
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
  ])('%s', (alarm, ...found) => {
    const query = queries.get(alarm) ?? 'no query'
    expect(Object.keys(lines).filter((name) => finds(query, write(lines[name] ?? {})))).toEqual(found)
  })
})

test('there are at most eight, and each that is in the log is tried here', () => {
  expect(alarms).toHaveLength(8)
  expect(queries.size).toBe(7)
})

/** The little of Simple Log Service's query language that the alarms use. */
function finds(query: string, message: string): boolean {
  const [search = '', select] = query.split(' | ')
  const words = new Set(message.split(/[\s,'";=()[\]{}?@&<>/:]+/))
  const isFound = (all: string) => all.split(' and ').every((word) => words.has(word))
  if (!search.split(' or ').some(isFound)) return false
  if (select === undefined) return true
  const [, pattern = '', operator, number = ''] =
    /^SELECT count\(\*\) AS lines WHERE cast\(regexp_extract\(message, '(.+)', 1\) AS bigint\) (>=|=) (\d+)$/.exec(
      select,
    ) ?? []
  const value = Number(new RegExp(pattern).exec(message)?.[1])
  return operator === '>=' ? value >= Number(number) : value === Number(number)
}

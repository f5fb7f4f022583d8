import { createEmployees } from '../../../functions/employees/employees'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { Repository } from '../../../functions/employees/repository'
import { seedBody } from '../../fixtures/seedBody'
import { readDocument } from '../../support/documents'
import { deliveredEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { setUpWebhook } from '../../support/webhook'

type Line = Readonly<Record<string, unknown>>

/** The alarms' queries, from the table of docs/operations.md. */
const table = readDocument('docs/operations.md').text.split('## Alarms')[1]?.split('An example')[0] ?? ''
const queries = new Map(
  table
    .split('\n')
    .map((row) => /^\| ([^|]+) \| `([^`]+)` \|/.exec(row))
    .filter((match) => match !== null)
    .map(([, name = '', query = '']) => [name.trim(), query]),
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
  lines['failed'] = await delivery(seedBody, () => Promise.reject(new DatabaseError('ECONNREFUSED')))
})

async function delivery(body: string, apply: Repository['apply'] = async () => []): Promise<Line> {
  const log = keptLog()
  const employees = createEmployees({
    mapping: shippedMapping,
    defaults: { DINGTALK_CORP_ID: '' },
    repository: { apply, bury: async () => {} },
    logHashKey: undefined,
    log,
  })
  const event = deliveredEvent(JSON.parse(body))
  await Promise.resolve(employees(Buffer.from(JSON.stringify(event)), { requestId: 'r' })).catch(() => {})
  return log.lines.at(-1) ?? {}
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

test.each([
  ['the webhook cannot work', ['bad configuration']],
  ['events are not published', ['not published']],
  ['strangers, or a token that changed', ['refused']],
  ['slow', ['slow']],
  ['rows are not stored', ['failed']],
  ['an event can never be stored', ['dead letter']],
  ['a value cannot be read', ['bad value']],
])('%s', (alarm, found) => {
  const query = queries.get(alarm) ?? ''
  expect(Object.keys(lines).filter((name) => matches(query, lines[name] ?? {}))).toEqual(found)
})

test('there are at most eight, and each is tried here', () => {
  expect(table.split('\n').filter((row) => row.startsWith('| ')).length - 1).toBeLessThanOrEqual(8)
  expect(queries.size).toBe(7)
})

/** The little of Simple Log Service's query language that the alarms use. */
function matches(query: string, line: Line): boolean {
  return query.split(' and ').every((term) => {
    const [, field = '', operator, value = ''] = /^(\w+)(?:: | (>=) )(\S+)$/.exec(term) ?? []
    const found = line[field]
    if (operator === '>=') return typeof found === 'number' && found >= Number(value)
    return value === '*' ? found !== undefined : String(found) === value
  })
}

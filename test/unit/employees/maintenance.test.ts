import { createMaintenance, maintenanceRequest } from '../../../functions/employees/maintenance'
import type { Instance, Toolbox } from '../../../functions/employees/maintenance/action'
// what a test is the first to load counts as its own: mutation testing would try every constant of the doctor on it
import '../../../functions/employees/maintenance/runAction'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { ConfigError } from '../../../shared/config'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'

const asked = (payload: string) => maintenanceRequest(Buffer.from(payload))

test.each([
  '{"maintenance":"doctor"}',
  ' {\n "maintenance" : "explain", "userId": "0042" }\n',
  '{"days":90,"maintenance":"purge"}',
  '{"maintenance":"purge","days":90,"confirm":"0f"}',
  // a mistake of whoever types it, which the answer names
  '{"maintenance":"docter"}',
  '{"maintenance":"explain","days":1}',
  `{"maintenance":"doctor"${' '.repeat(1000)}}`,
])('maintenance: %s', (payload) => {
  expect(asked(payload)).toEqual(JSON.parse(payload))
})

/** What a rule can deliver, by its Body and the bytes that a stranger sent. */
test.each<[string, string]>([
  ['the whole event, ORIGINAL', JSON.stringify(deliveredEvent({ maintenance: 'purge', days: 1 }))],
  ['an event that has the key as an extension', JSON.stringify(deliveredEvent({}, { maintenance: 'purge' }))],
  ['$.data', '{"headers":{},"path":"/","body":{"maintenance":"purge"},"httpMethod":"POST","queryString":{}}'],
  ['an event without most of its attributes', '{"maintenance":"purge","id":"1","source":"s"}'],
  ['an array of them, ObjectList', '[{"maintenance":"purge","days":1}]'],
  ['a body that holds more', '{"maintenance":"purge","days":1,"name":"x"}'],
  ['a key that hides', '{"maintenance":"purge","__proto__":{"days":1}}'],
  ['text', '"{\\"maintenance\\":\\"purge\\"}"'],
  ['no text in it', '{"maintenance":{"purge":1}}'],
  ['an escaped key', '{"m\\u0061intenance":"doctor"}'],
  ['broken JSON', '{"maintenance":"doctor"'],
  ['two of them', '{"maintenance":"doctor"}{"maintenance":"doctor"}'],
  ['a byte too long', `{"maintenance":"doctor"${' '.repeat(1001)}}`],
  ['far too long', `{"maintenance":"doctor"${' '.repeat(1024)}}`],
  ['nothing', ''],
  ['null', 'null'],
])('a delivery: %s', (_, payload) => {
  expect(asked(payload)).toBeUndefined()
})

function setUp(instance: () => Instance, mappings: Toolbox['mappings'] = [shippedMapping]) {
  const log = keptLog()
  const toolbox: Toolbox = { mappings, instance, remainingMs: () => 60_000, now: () => 0 }
  const maintain = createMaintenance(toolbox, log)
  const ask = (request: Record<string, unknown> & { maintenance: string }) => maintain(request, { requestId: 'r' })
  return { ask, log }
}

/** An instance whose database answers every statement like this. */
function instanceWith(execute: (sql: string) => Promise<unknown>): () => Instance {
  const config = { MYSQL_PASSWORD: 'p' } as Instance['config']
  const database = { execute, rehearse: async () => {}, renew() {}, connect: async () => {}, close: async () => {} }
  return () => ({ config, database, deliver: () => Promise.reject(new Error('unused')) })
}

/** One with two dead letters, of which the first is stored and deleted, and the second is stopped by this error. */
function stoppedBy(error: unknown, at: 'delivery' | 'delete'): () => Instance {
  let letters = 0
  const answers = (sql: string): unknown[] => {
    if (sql.startsWith('SELECT COUNT')) return [{ found: 2, total: 2, last: 2 }]
    if (sql.startsWith('SELECT id')) return [{ id: ++letters, event: '{}' }]
    if (at === 'delete' && letters === 2 && sql.startsWith('DELETE')) throw error
    return []
  }
  const deliver = async () => {
    if (at === 'delivery' && letters === 2) throw error
    return { received: 1, stored: 1, ignored: 0, deadLettered: 0 }
  }
  return () => ({ ...instanceWith(async (sql) => [answers(sql)])(), deliver })
}

const fails = (error: unknown) => instanceWith(() => Promise.reject(error))
const denied = fails(new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142))
const badConfiguration = () => {
  throw new ConfigError('MYSQL_HOST: is not set')
}

const TWO_STORED = '2 dead letters: 2 stored, 0 not about their table (these are deleted), 0 refused again, 0 left.'
const ONE_STORED =
  '2 dead letters: 1 stored, 0 not about their table (these are deleted), 0 refused again, 1 left for the next invocation.'
const REPLAY_NEEDS = 'This needs SELECT, INSERT and UPDATE on user_info and dead_letters, and DELETE on dead_letters.'

test.each<[string, Record<string, unknown> & { maintenance: string }, () => Instance, string, object]>([
  [
    'no such action',
    { maintenance: 'x' },
    denied,
    'maintenance takes one of doctor, explain, purge, replay.',
    { level: 'info' },
  ],
  [
    'a key of another',
    { maintenance: 'replay', days: 1 },
    denied,
    'replay takes allowLeavers, confirm, plan, and not days.',
    { level: 'info' },
  ],
  [
    'a key of another, for one that takes none',
    { maintenance: 'doctor', userId: 'x', days: 1 },
    denied,
    'doctor takes nothing else, and not userId, days.',
    { level: 'info' },
  ],
  [
    'a fault of ours that keeps the doctor from asking',
    { maintenance: 'doctor' },
    () => {
      throw new TypeError('planted: 小明')
    },
    'This is a fault of ours; the log of the function says where.',
    { level: 'error', code: 'unexpected', detail: expect.stringContaining('TypeError') },
  ],
  [
    'no user id',
    { maintenance: 'explain' },
    denied,
    'Name one employee, in quotes: {"maintenance":"explain","userId":"…"}',
    { level: 'info' },
  ],
  [
    'a number for one',
    { maintenance: 'explain', userId: 42 },
    denied,
    'Name one employee, in quotes: {"maintenance":"explain","userId":"…"}',
    { level: 'info' },
  ],
  [
    'an empty user id',
    { maintenance: 'explain', userId: '' },
    denied,
    'Name one employee, in quotes: {"maintenance":"explain","userId":"…"}',
    { level: 'info' },
  ],
  [
    'a table that there is not',
    { maintenance: 'explain', userId: '1', table: 'people' },
    denied,
    'table takes one of user_info, as mapping.yaml has them.',
    { level: 'info' },
  ],
  ['no days', { maintenance: 'purge' }, denied, 'days takes a whole number of days, at least 1.', { level: 'info' }],
  ['a bad configuration', { maintenance: 'replay' }, badConfiguration, 'MYSQL_HOST: is not set', { level: 'info' }],
  [
    'a missing right',
    { maintenance: 'explain', userId: '1' },
    denied,
    'MYSQL_USER lacks a right (ER_TABLEACCESS_DENIED_ERROR). This needs SELECT on user_info and dead_letters.',
    { level: 'error', code: 'ER_TABLEACCESS_DENIED_ERROR' },
  ],
  [
    'a missing right, halfway',
    { maintenance: 'replay' },
    stoppedBy(new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142), 'delete'),
    `${TWO_STORED} It was stopped: MYSQL_USER lacks a right (ER_TABLEACCESS_DENIED_ERROR). ${REPLAY_NEEDS}`,
    { level: 'error', code: 'ER_TABLEACCESS_DENIED_ERROR' },
  ],
  [
    'a fault of ours, halfway',
    { maintenance: 'replay' },
    stoppedBy(new TypeError('planted: 小明'), 'delivery'),
    `${ONE_STORED} It was stopped: This is a fault of ours; the log of the function says where.`,
    { level: 'error', code: 'unexpected', detail: expect.stringContaining('TypeError') },
  ],
  [
    'a bad configuration, halfway',
    { maintenance: 'replay' },
    stoppedBy(new ConfigError('MYSQL_SSL: names no file'), 'delivery'),
    `${ONE_STORED} It was stopped: MYSQL_SSL: names no file`,
    { level: 'info' },
  ],
  [
    'a delivery that the database refuses, halfway',
    { maintenance: 'replay' },
    stoppedBy(new Error('not stored', { cause: new DatabaseError('ER_LOCK_WAIT_TIMEOUT', 1205) }), 'delivery'),
    `${ONE_STORED} It was stopped: The database refused (ER_LOCK_WAIT_TIMEOUT). {"maintenance":"doctor"} says more.`,
    { level: 'error', code: 'ER_LOCK_WAIT_TIMEOUT' },
  ],
  [
    'a database that is down',
    { maintenance: 'explain', userId: '1' },
    fails(new DatabaseError('ECONNREFUSED')),
    'The database refused (ECONNREFUSED). {"maintenance":"doctor"} says more.',
    { level: 'error', code: 'ECONNREFUSED' },
  ],
  [
    'a fault of ours',
    { maintenance: 'explain', userId: '1' },
    fails(new TypeError('planted: 小明')),
    'This is a fault of ours; the log of the function says where.',
    { level: 'error', code: 'unexpected', detail: expect.stringContaining('TypeError') },
  ],
])('%s is answered, not thrown', async (_, request, instance, text, fields) => {
  const { ask, log } = setUp(instance)
  expect(await ask(request)).toBe(text)
  expect(log.lines).toEqual([
    expect.objectContaining({ requestId: 'r', outcome: 'failed', ms: expect.any(Number), ...fields }),
  ])
  expect(log.text()).not.toContain('小明')
})

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
test.each<[string, number, boolean]>([
  ['ER_DBACCESS_DENIED_ERROR', 1044, true],
  ['ER_TABLEACCESS_DENIED_ERROR', 1142, true],
  ['ER_COLUMNACCESS_DENIED_ERROR', 1143, true],
  ['ER_SPECIFIC_ACCESS_DENIED_ERROR', 1227, true],
  ['ER_ACCESS_DENIED_ERROR', 1045, false],
  ['ER_NO_SUCH_TABLE', 1146, false],
])('%s (%d) is told as a missing right: %s', async (code, errno, isGrant) => {
  const { ask } = setUp(fails(new DatabaseError(code, errno)))
  expect(await ask({ maintenance: 'explain', userId: '1' })).toBe(
    isGrant
      ? `MYSQL_USER lacks a right (${code}). This needs SELECT on user_info and dead_letters.`
      : `The database refused (${code}). {"maintenance":"doctor"} says more.`,
  )
})

test('a letter of a roster that is none any more, or cannot be read, would mark nobody', async () => {
  const reason = 'the roster would mark 7 of 9 as left'
  const events = ['not JSON', JSON.stringify(deliveredEvent({})), JSON.stringify(rosterEvent({ ids: 'none' }))]
  const waiting = events.map((event) => ({ table: 'user_info', reason, event }))
  const { ask } = setUp(instanceWith(async () => [waiting, []]))
  expect(await ask({ maintenance: 'replay', plan: true })).toBe(
    waiting.map(() => `${reason}\nIt would mark nobody by now.`).join('\n'),
  )
})

test('the rights that it needs are told of each table', async () => {
  const { ask } = setUp(denied, [shippedMapping, { ...shippedMapping, table: 'others' }])
  expect(await ask({ maintenance: 'explain', table: 'others', userId: '1' })).toMatch(
    / This needs SELECT on user_info, others and dead_letters\.$/,
  )
})

test('the log names the action, and nothing that was typed', async () => {
  const { ask, log } = setUp(instanceWith(async () => [[], []]))
  expect(await ask({ maintenance: 'explain', userId: 'planted' })).toMatch(
    /^Neither user_info nor dead_letters knows this userId\./,
  )
  await ask({ maintenance: 'planted' })
  expect(log.lines.map(({ level, maintenance, outcome }) => [level, maintenance, outcome])).toEqual([
    ['info', 'explain', 'failed'],
    ['info', undefined, 'failed'],
  ])
  expect(log.text()).not.toContain('planted')
})

test('one that came to its end is told as done', async () => {
  const none = [{ found: 0, total: 0, last: 0 }]
  const { ask, log } = setUp(instanceWith(async (sql) => [sql.startsWith('SELECT COUNT') ? none : []]))
  const started = performance.now()
  expect(await ask({ maintenance: 'replay' })).toMatch(/^0 dead letters: /)
  expect(log.lines[0]?.['ms']).toBeLessThanOrEqual(Math.ceil(performance.now() - started))
  expect(log.lines).toMatchObject([{ level: 'info', maintenance: 'replay', outcome: 'done' }])
})

test('the doctor tells a bad configuration, which ends every delivery', async () => {
  const { ask } = setUp(badConfiguration)
  expect(await ask({ maintenance: 'doctor' })).toBe(
    '  wrong  variables  MYSQL_HOST: is not set\n           → set them in .env, and deploy\n0 ok, 1 wrong, 0 unknown',
  )
})

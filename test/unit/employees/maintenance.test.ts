import { createMaintenance, maintenanceRequest } from '../../../functions/employees/maintenance'
import type { Instance, Toolbox } from '../../../functions/employees/maintenance/action'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { ConfigError } from '../../../shared/config'
import { deliveredEvent } from '../../support/events'
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
  ['far too long', `{"maintenance":"doctor"${' '.repeat(1024)}}`],
  ['nothing', ''],
  ['null', 'null'],
])('a delivery: %s', (_, payload) => {
  expect(asked(payload)).toBeUndefined()
})

function setUp(instance: () => Instance) {
  const log = keptLog()
  const toolbox: Toolbox = { mapping: shippedMapping, instance, remainingMs: () => 60_000, now: () => 0 }
  const maintain = createMaintenance(toolbox, log)
  const ask = (request: Record<string, unknown> & { maintenance: string }) => maintain(request, { requestId: 'r' })
  return { ask, log }
}

/** An instance whose database answers every statement like this. */
function instanceWith(execute: () => Promise<unknown>): () => Instance {
  const config = { MYSQL_PASSWORD: 'p' } as Instance['config']
  const database = { execute, connect: async () => {}, close: async () => {} }
  return () => ({ config, database, deliver: () => Promise.reject(new Error('unused')) })
}

const fails = (error: unknown) => instanceWith(() => Promise.reject(error))
const denied = fails(new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142))
const badConfiguration = () => {
  throw new ConfigError('MYSQL_HOST: is not set')
}

test.each<[string, Record<string, unknown> & { maintenance: string }, () => Instance, string, object]>([
  ['no such action', { maintenance: 'x' }, denied, 'maintenance takes one of doctor, explain, purge, replay.', {}],
  ['a key of another', { maintenance: 'replay', days: 1 }, denied, 'replay takes nothing else, and not days.', {}],
  [
    'no user id',
    { maintenance: 'explain' },
    denied,
    'Name one employee, in quotes: {"maintenance":"explain","userId":"…"}',
    {},
  ],
  [
    'a number for one',
    { maintenance: 'explain', userId: 42 },
    denied,
    'Name one employee, in quotes: {"maintenance":"explain","userId":"…"}',
    {},
  ],
  ['no days', { maintenance: 'purge' }, denied, 'days takes a whole number of days, at least 1.', {}],
  ['a bad configuration', { maintenance: 'replay' }, badConfiguration, 'MYSQL_HOST: is not set', {}],
  [
    'a missing right',
    { maintenance: 'explain', userId: '1' },
    denied,
    'MYSQL_USER lacks a right (ER_TABLEACCESS_DENIED_ERROR). This needs SELECT on user_info and dead_letters.',
    { code: 'ER_TABLEACCESS_DENIED_ERROR' },
  ],
  [
    'a database that is down',
    { maintenance: 'explain', userId: '1' },
    fails(new DatabaseError('ECONNREFUSED')),
    'The database refused (ECONNREFUSED). {"maintenance":"doctor"} says more.',
    { code: 'ECONNREFUSED' },
  ],
  [
    'a fault of ours',
    { maintenance: 'explain', userId: '1' },
    fails(new TypeError('planted: 小明')),
    'This is a fault of ours; the log of the function says where.',
    { code: 'unexpected', detail: expect.stringContaining('TypeError') },
  ],
])('%s is answered, not thrown', async (_, request, instance, text, fields) => {
  const { ask, log } = setUp(instance)
  expect(await ask(request)).toBe(text)
  expect(log.lines).toEqual([
    expect.objectContaining({ requestId: 'r', outcome: 'failed', ms: expect.any(Number), ...fields }),
  ])
  expect(log.text()).not.toContain('小明')
})

test('the log names the action, and nothing that was typed', async () => {
  const { ask, log } = setUp(instanceWith(async () => [[], []]))
  expect(await ask({ maintenance: 'explain', userId: 'planted' })).toBe(
    'Neither user_info nor dead_letters knows this userId.',
  )
  await ask({ maintenance: 'planted' })
  expect(log.lines.map(({ maintenance }) => maintenance)).toEqual(['explain', undefined])
  expect(log.text()).not.toContain('planted')
})

test('the doctor tells a bad configuration, which ends every delivery', async () => {
  const { ask } = setUp(badConfiguration)
  expect(await ask({ maintenance: 'doctor' })).toBe(
    '  wrong  variables  MYSQL_HOST: is not set\n           → set them in .env, and deploy\n0 ok, 1 wrong, 0 unknown',
  )
})

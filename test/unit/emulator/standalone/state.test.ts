import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { manualClock, startEventBridge } from '../../../../emulator/main'
import { readState, stateText } from '../../../../emulator/standalone/stateText'
import { FORMATS } from '../../../../emulator/store/formats'
import type { State } from '../../../../emulator/store/state'
import { openStore } from '../../../../emulator/store/store'
import { acceptedEvent } from '../../../support/store'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()

/** What a store may have lived through. */
const life = fc.array(
  fc.record({
    id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    bus: fc.constantFrom('a', 'b'),
    json: fc.jsonValue().map((data) => JSON.stringify({ data })),
    targets: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
    outcome: fc.constantFrom(
      { state: 'delivered' as const },
      { state: 'pending' as const, nextAttemptAt: 5_000 },
      { state: 'blocked' as const },
      { state: 'dead-lettered' as const, queue: 'q' },
      { state: 'dropped' as const },
    ),
    message: fc.option(fc.string({ unit: 'binary' })),
    forget: fc.boolean(),
  }),
  { maxLength: 12 },
)

test('what is exported and imported is exported again as it was, whatever the store has lived through', async () => {
  let stores = 0
  await fc.assert(
    fc.asyncProperty(life, async (events) => {
      const store = openStore(undefined)
      for (const { id, bus, json, targets, outcome, message, forget } of events) {
        const deliveries = targets.map((target) => ({ rule: 'r', target }))
        await store.accept([acceptedEvent({ id, bus, json, deliveries, mismatches: [{ rule: 'o', why: 'no' }] })])
        for (const lane of store.pendingLanes().slice(0, 1)) {
          for (const delivery of store.next(lane, 'arrival', 1, [])) {
            await store.record(delivery, { startedAt: 1, ms: 2, error: 'e', answer: 'a' }, outcome)
          }
        }
        if (message !== null) await store.changeMessages(() => store.messages.send('q', message, 1))
        if (forget) await store.purge({ maxAgeMs: 0, maxBytes: 1e9 }, 2_000)
        store.resources.put({ kind: 'bus', bus, name: bus, definition: JSON.stringify({ bus, name: bus }) })
      }
      const text = stateText(store.readState())
      store.close()
      for (const file of [undefined, path.join(folder, `${++stores}.db`)]) {
        const { state } = readState(text, 'f', {})
        const again = openStore(file, undefined, state)
        expect(stateText(again.readState())).toBe(text)
        again.close()
      }
    }),
    { numRuns: 25 },
  )
})

test('a bus goes on where the other was: what is pending is delivered, what is done is not delivered again', async () => {
  const clock = manualClock()
  const rules = [
    { name: 'good', pattern: {}, targets: 'good' },
    { name: 'bad', pattern: {}, targets: 'bad' },
  ]
  const boom = () => {
    throw new Error('boom')
  }
  const first = await startEventBridge({ clock, rules, targets: { good: () => 'done', bad: boom } })
  await first.publish({ id: 'e' })
  await first.settled()
  const state = first.exportState()
  await first.stop()
  let calls = 0
  const second = await startEventBridge({ clock, state, targets: { good: () => ++calls, bad: () => 'mended' } })
  await clock.advance(60_000)
  expect(calls).toBe(0)
  expect(second.deliveries()).toMatchObject([
    { rule: 'bad', state: 'delivered', attempts: 2, answer: 'mended' },
    { rule: 'good', state: 'delivered', attempts: 1, answer: 'done' },
  ])
  await second.stop()
})

test('a message of a queue is exported whatever it says', async () => {
  const bus = await startEventBridge({
    rules: [
      {
        pattern: {},
        targets: {
          ...{ Id: 'q', Type: 'acs.mns.queue', Endpoint: 'acs:mns:cn-hangzhou:123456789012:queues/q' },
          ParamList: [
            { ResourceKey: 'queue', Form: 'CONSTANT', Value: 'q' },
            { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.pem' },
          ],
        },
      },
    ],
  })
  await bus.publish({ data: { pem: '-----BEGIN PRIVATE KEY-----' } })
  await bus.settled()
  expect(JSON.parse(bus.exportState()).tables.messages).toMatchObject([{ body: '-----BEGIN PRIVATE KEY-----' }])
  await bus.stop()
})

test('a folder that has a store already is refused, and stays as it was', async () => {
  const dir = path.join(folder, 'taken')
  const bus = await startEventBridge({ dir, seed: [{ id: 'a' }] })
  const state = bus.exportState()
  await bus.stop()
  await expect(startEventBridge({ dir, state })).rejects.toThrow(
    'is there already: a state is read into an empty folder',
  )
  const other = path.join(folder, 'other')
  const moved = await startEventBridge({ dir: other, state })
  expect(moved.events().map(({ event }) => event.id)).toEqual(['a'])
  await moved.stop()
})

const whole = (changes: object) => ({ product: 'eventbridge-local', format: FORMATS.length, tables: {}, ...changes })

test.each<[string, string | object, string]>([
  ['no JSON', 'x', 'is no export of eventbridge-local'],
  ['another JSON', { tables: {} }, 'is no export of eventbridge-local'],
  ['no format', whole({ format: undefined }), 'does not say of which format it is'],
  ['a newer format', whole({ format: FORMATS.length + 1 }), 'was exported by a newer version'],
  ['rows that are none', whole({ tables: { events: [1] } }), 'tables.events is no list of rows'],
  ['a table that is none', whole({ tables: { 'x"; DROP': [] } }), 'which no store of its format has'],
  ['a column that is none', whole({ tables: { messages: [{ 'a"': 1 }] } }), 'which no store of its format has'],
  [
    'half of it',
    whole({ tables: { attempts: [{ delivery_seq: 9, number: 1, started_at: 1, ms: 1 }] } }),
    'is not whole',
  ],
])('%s is refused, and leaves no folder that could not be used', async (_, state, reason) => {
  const dir = path.join(folder, 'refused')
  await expect(startEventBridge({ dir, state })).rejects.toThrow(reason)
  const bus = await startEventBridge({ dir })
  await bus.stop()
  fs.rmSync(dir, { recursive: true })
})

test('an export of an older format is upgraded as a store is', () => {
  const events = [
    { seq: 3, bus: 'b', id: 'e', source: 's', type: 't', trace_id: 'x', received_at: 1, json: '{"data":{}}' },
  ]
  const { state } = readState(whole({ format: 1, tables: { events, deliveries: [], attempts: [] } }), 'f', {})
  const store = openStore(undefined, undefined, state)
  expect(store.traces.list({}, 10)).toMatchObject([{ seq: 3, id: 'e', state: 'unmatched' }])
  store.close()
})

describe('secrets', () => {
  const row = (kind: string, name: string, definition: object) => ({
    ...{ kind, bus: '', name, definition: JSON.stringify(definition) },
  })
  const connection = {
    name: 'hr-system',
    AuthParameters: {
      AuthorizationType: 'OAUTH_AUTH',
      BasicAuthParameters: { Username: 'me', Password: 'pass-1' },
      ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'pass-2' },
      OAuthParameters: {
        ClientParameters: { ClientID: 'id', ClientSecret: 'pass-3' },
        OAuthHttpParameters: {
          BodyParameters: [
            { Key: 'assertion', Value: 'pass-4', IsValueSecret: 'true' },
            { Key: 'grant', Value: 'open' },
          ],
        },
      },
    },
  }
  const rule = {
    targets: [
      {
        Endpoint: 'https://example.com/robot?access_token=pass-5',
        ParamList: [
          { ResourceKey: 'URL', Form: 'CONSTANT', Value: 'https://example.com/robot?access_token=pass-6' },
          { ResourceKey: 'SecretKey', Form: 'CONSTANT', Value: 'pass-7' },
          { ResourceKey: 'Body', Form: 'CONSTANT', Value: 'open' },
          { ResourceKey: 'Connection', Form: 'CONSTANT', Value: 'mysql://me:pass-9@db.example.com/hr' },
          { ResourceKey: 'SecretKey', Form: 'CONSTANT', Value: '${FROM_FILE}' },
        ],
      },
    ],
  }
  const source = {
    scheduled: { userData: '{}', schedule: 'open' },
    fetched: { SourceRocketMQParameters: { Topic: 'open', InstanceUsername: 'me', InstancePassword: 'pass-10' } },
    external: { type: 'ROCKETMQ', config: { InstancePassword: 'pass-11', TopicToken: '' } },
  }
  const state: State = {
    product: 'eventbridge-local',
    format: FORMATS.length,
    tables: {
      resources: [row('connection', 'hr-system', connection), row('rule', 'r', rule), row('source', 'mq', source)],
    },
  }

  test('do not leave, and what stands for them is named', () => {
    const text = stateText(state)
    expect(text).not.toMatch(/pass-\d/)
    expect(text).toMatch(/me.*X-Key.*open/)
    expect(JSON.parse(text).secrets).toEqual([
      'CONNECTION_HR_SYSTEM_PASSWORD',
      'CONNECTION_HR_SYSTEM_APIKEYVALUE',
      'CONNECTION_HR_SYSTEM_CLIENTSECRET',
      'CONNECTION_HR_SYSTEM_ASSERTION',
      'RULE_R_ENDPOINT',
      'RULE_R_URL',
      'RULE_R_SECRETKEY',
      'RULE_R_CONNECTION',
      'SOURCE_MQ_INSTANCEPASSWORD',
      'SOURCE_MQ_INSTANCEPASSWORD_2',
    ])
  })

  test('leave when they are asked for', () => {
    expect(JSON.parse(stateText(state, { secrets: true }))).toEqual(state)
  })

  test('are filled in by the import where they have a value', () => {
    const read = readState(stateText(state), 'f', { CONNECTION_HR_SYSTEM_PASSWORD: 'pass-1', FROM_FILE: 'never' })
    const [first, second] = read.state.tables['resources'] ?? []
    expect(JSON.parse(String(first?.['definition'])).AuthParameters.BasicAuthParameters.Password).toBe('pass-1')
    expect(String(second?.['definition'])).toContain('${FROM_FILE}')
    expect(read.missing).toEqual(expect.arrayContaining(['CONNECTION_HR_SYSTEM_CLIENTSECRET', 'RULE_R_URL']))
    expect(read.missing).not.toContain('CONNECTION_HR_SYSTEM_PASSWORD')
  })

  const pair = (ResourceKey: string, Value: string, more = {}) => ({
    ...{ targets: [{ ParamList: [{ ResourceKey, Form: 'CONSTANT', Value, ...more }] }] },
  })
  const parameters = (given: object) => ({ parameters: given })
  const headers = (Key: string, Value: string) => ({
    ...{ auth: { OAuthParameters: { OAuthHttpParameters: { HeaderParameters: [{ Key, Value }] } } } },
  })
  const oneOf = (kind: string, definition: object): State => ({
    ...{ ...state, tables: { resources: [row(kind, 'r', definition)] } },
  })

  test.each<[string, string, object]>([
    ['a kept source', 'source', { fetched: { SourceRocketMQParameters: { InstancePassword: 'hush' } } }],
    ['a source of the older form', 'source', { external: { config: { Password: 'hush', AccessKeySecret: 'hush' } } }],
    ['Kafka', 'rule', pair('saslPassword', 'hush')],
    ['a private key', 'rule', pair('sslKey', 'hush')],
    ['an access key', 'rule', pair('AccessKey', 'hush')],
    ['pwd', 'rule', pair('pwd', 'hush')],
    ['a template', 'rule', pair('SecretKey', '{}', { Form: 'TEMPLATE', Template: 'hush' })],
    ['a header among others', 'rule', pair('HeaderParameters', '{"a":"b","Authorization":"Bearer hush"}')],
    ['a key in a template', 'rule', pair('QueryStringParameters', '{}', { Template: '{"n":${n},"api_key": "hush"}' })],
    ['a login in an address', 'rule', { targets: [{ Endpoint: 'https://me:hush@example.com/x' }] }],
    ['a token in an address', 'api-destination', { http: { Endpoint: 'https://hush@example.com/x' } }],
    ['a code in a query', 'api-destination', { http: { Endpoint: 'https://example.com/x?a=b&code=hush' } }],
    ['a driver', 'rule', { targets: [{ Endpoint: 'jdbc:mysql://h/db?user=me&password=hush' }] }],
    ['a login module', 'rule', pair('jaas', 'Login required username="me" password="hush";')],
    ['a header of OAuth', 'connection', headers('Authorization', 'Basic hush')],
    ['a key in a header of OAuth', 'connection', headers('X-Api-Key', 'hush')],
    ['a field that ends with Key', 'connection', parameters({ SecretKey: 'hush' })],
    ['a field that begins with Is', 'connection', parameters({ IssuerSecret: 'hush' })],
    ['a number', 'connection', parameters({ Password: 4711 })],
    ['a list', 'connection', parameters({ Passwords: ['hush'] })],
    ['an object', 'connection', parameters({ Password: { Value: 'hush' } })],
    ['JSON', 'connection', parameters({ more: '{"password":"hush"}' })],
  ])('of %s do not leave', (_, kind, definition) => {
    const text = stateText(oneOf(kind, definition))
    expect(text).not.toMatch(/hush|4711/)
    expect(JSON.parse(text).secrets).toEqual(expect.arrayContaining([expect.any(String)]))
  })

  test.each<[string, string, object]>([
    ['a pattern', 'rule', { filterPattern: '{"data":{"token":["x"],"secret":"x"}}' }],
    ['what a scheduled source publishes', 'source', { scheduled: { userData: '{"token":"x"}' } }],
    [
      'what is taken from the event',
      'rule',
      pair('Body', '{"token":"$.data.token"}', { Template: '{"token":"${token}"}' }),
    ],
    ['a variable of the file', 'rule', pair('URL', 'https://example.com/robot?access_token=${ROBOT_TOKEN}')],
    ['names', 'connection', { auth: { AuthorizationType: 'X', ApiKeyAuthParameters: { ApiKeyName: 'X-Token' } } }],
    ["Kafka's own key", 'rule', pair('Key', '$.data.id')],
    [
      'a source called so',
      'source',
      { name: 'secret-token', fetched: { SourceMNSParameters: { QueueName: 'token' } } },
    ],
    ['what of seeds was published', 'seed', { tokens: ['a'] }],
  ])('%s is none, and stays as it is', (_, kind, definition) => {
    expect(JSON.parse(stateText(oneOf(kind, definition)))).toEqual(oneOf(kind, definition))
  })

  test('have a variable each, however they are called', () => {
    const names = ['Secret', 'Secret', 'Secret_2']
    const ParamList = names.map((ResourceKey, index) => ({ ResourceKey, Value: `pass-${index}` }))
    const { secrets } = JSON.parse(stateText(oneOf('rule', { targets: [{ ParamList }] })))
    expect(new Set(secrets).size).toBe(3)
  })

  test('that an import had no value for are filled in by a later one', () => {
    const once = readState(stateText(state), 'f', {})
    const twice = readState(stateText(once.state), 'f', { CONNECTION_HR_SYSTEM_PASSWORD: 'pass-1' })
    expect(twice.missing).toEqual(once.missing.filter((name) => name !== 'CONNECTION_HR_SYSTEM_PASSWORD'))
    expect(JSON.stringify(twice.state)).toContain('pass-1')
  })
})

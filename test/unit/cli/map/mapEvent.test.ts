import { type MapProject, type MapRule, mapEvent } from '../../../../cli/map/mapEvent'
import type { MappedColumn, MappedTable } from '../../../../emulator'
import { EVENTS } from '../../../../local/sender/events'
import { messagesFor } from '../../../../local/sender/messages'
import { readMappings } from '../../../../shared/mapping/readMappings'
import { snapshotEvent } from '../../../support/events'
import { testProject } from '../../../support/mapProject'
import { shippedMappings } from '../../../support/mapping'

const NOW = Date.UTC(2026, 10, 26, 3)
const [HAPPENED, LATER] = [NOW - 3_600_000, NOW + 3_600_000]

/** Each means of mapping.yaml by which a column has its value, or has none. */
const [meeting] = readMappings(
  `
table: visits
fields: [$.data.body, $.data.body.data]
action: .EventType
subtype: .type
time: [.EventTime, $.time]
sequence: .row_id
events:
  visit/begin: { set: { state: open } }
  visit/end: { stage: 1, set: { note: null } }
  visit/gone: { ends: goneAt, set: { state: gone } }
  visit/seen: { type: "my:Seen", clears: goneAt }
failed: { path: .errcode, set: { note: failed } }
key:
  corpId: { type: VARCHAR(64) NOT NULL, from: .corpId, default: "\${DINGTALK_CORP_ID}" }
  visitId: { type: BIGINT NOT NULL, from: .visitId }
columns:
  state: { slot: 0, type: VARCHAR(8) NULL, from: .result, values: { agree: yes, '3': later } }
  staff: { slot: 1, type: VARCHAR(4) NULL, from: .staff, after: ':' }
  count: { slot: 2, type: INT NULL, as: integer, from: [.count, .total], bad: clear }
  must: { slot: 3, type: INT NULL, as: integer, from: .must, bad: reject }
  open: { slot: 4, type: TINYINT(1) NULL, as: boolean, from: .open, empty: keep }
  note: { slot: 5, type: VARCHAR(64) NULL, from: .note }
  place: { slot: 6, type: VARCHAR(64) NULL, template: '\${.city}/\${.room}' }
  origin: { slot: 7, type: VARCHAR(8) NULL, value: visits }
  mobile: { slot: 8, type: VARCHAR(16) NULL, from: [.guest.mobile, .tel] }
  goneAt: { slot: 9, type: DATETIME(3) NULL, as: time }
  at: { slot: 10, type: DATETIME(3) NULL, as: time, from: $time }
  raw: { slot: 11, type: JSON NULL, as: json, from: $.id }
`,
  'mapping.yaml',
)
const project = testProject({ mappings: meeting ? [meeting] : [] })

/** What becomes of an event with these fields. */
function visit(fields: object, changes: Partial<MapProject> = {}): MappedTable {
  const text = JSON.stringify({ EventType: 'visit', type: 'begin', visitId: 7, eventId: 'e', ...fields })
  const [event] = mapEvent(text, { ...project, ...changes }, [], NOW).events
  const [table] = event?.tables ?? []
  if (table === undefined) throw new Error('there is no event')
  return table
}

describe('a column', () => {
  const bad = (raw: string, as: string, type: string, then: string) =>
    `${raw} cannot be read as ${as}, or does not fit ${type}: the column ${then}`

  test.each<[string, object, Partial<MappedColumn> & { name: string }]>([
    ['of set', {}, { name: 'state', value: 'open', from: 'set' }],
    ['of a path', { note: 'a' }, { name: 'note', value: 'a', from: '.note' }],
    ['of the other case of its first letter', { Note: 'a' }, { name: 'note', value: 'a', from: '.note' }],
    ['of a field one level deeper', { data: { note: 'a' } }, { name: 'note', value: 'a', from: '.note' }],
    ['of the second path', { total: 3 }, { name: 'count', value: 3, from: '.total' }],
    ['of the second, as the first is empty', { count: '', total: 3 }, { name: 'count', value: 3, from: '.total' }],
    ['cleared by emptiness', { count: null }, { name: 'count', value: null, from: '.count' }],
    [
      'of a word for a code',
      { type: 'end', result: 'agree' },
      { name: 'state', value: 'yes', from: '.result ("agree")' },
    ],
    ['of a word for a number', { type: 'end', result: 3 }, { name: 'state', value: 'later', from: '.result (3)' }],
    ['of a code without a word', { type: 'end', result: 'no' }, { name: 'state', value: 'no', from: '.result' }],
    ['of a part behind a separator', { staff: 'a:b' }, { name: 'staff', value: 'b', from: '.staff ("a:b")' }],
    ['of a template', { city: 'HZ', Room: 1 }, { name: 'place', value: 'HZ/1', from: '${.city}/${.room}' }],
    ['of a constant', {}, { name: 'origin', value: 'visits', from: 'value' }],
    ['of the time', { EventTime: HAPPENED }, { name: 'at', value: '2026-11-26T02:00:00.000Z', from: '$time' }],
    ['of an attribute', {}, { name: 'raw', value: '"e"', from: '$.id' }],
    ['of a flag', { open: 1 }, { name: 'open', value: true, from: '.open' }],
    ['that the end sets', { type: 'gone' }, { name: 'goneAt', value: '2026-11-26T03:00:00.000Z', from: 'ends' }],
    ['that set clears', { type: 'end' }, { name: 'note', value: null, from: 'set' }],
    ['that a failure sets', { errcode: 1 }, { name: 'note', value: 'failed', from: 'failed.set' }],

    ['without a value', {}, { name: 'count', why: 'nothing at .count, .total' }],
    ['of a template that is not whole', { city: 'HZ' }, { name: 'place', why: 'nothing at ${.city}/${.room}' }],
    ['that has no source', { type: 'end' }, { name: 'goneAt', why: 'only other events set it' }],
    ['that emptiness keeps', { open: '' }, { name: 'open', from: '.open', why: expect.stringMatching(/^is empty, /) }],
    [
      'that is cleared as it is bad',
      { count: 'x' },
      { name: 'count', value: null, from: '.count', why: bad('"x"', 'integer', 'INT NULL', 'is cleared (bad: clear)') },
    ],
    [
      'that stays as it is bad',
      { open: 'maybe' },
      { name: 'open', from: '.open', why: bad('"maybe"', 'boolean', 'TINYINT(1) NULL', 'stays as it is (bad: keep)') },
    ],
    [
      'that is too long',
      { staff: 'a:bcdef' },
      {
        name: 'staff',
        from: expect.anything(),
        why: bad('"bcdef"', 'text', 'VARCHAR(4) NULL', 'stays as it is (bad: keep)'),
      },
    ],
    ['removed at the door', { guest: { mobile: '1' } }, { name: 'mobile', why: 'DROP_FIELDS removes mobile' }],
    ['removed by another name', { tel: '1' }, { name: 'mobile', why: 'DROP_FIELDS removes tel' }],
    [
      'of an event with an error',
      { errcode: 1, count: 3 },
      { name: 'count', why: expect.stringMatching(/reports an error/) },
    ],
    [
      'that takes an end back',
      { type: 'end', result: 'agree' },
      { name: 'goneAt', value: null, why: 'the event says otherwise than what had ended it' },
    ],
  ])('%s', (_, fields, column) => {
    expect(visit(fields).rows[0]?.columns.find(({ name }) => name === column.name)).toEqual(column)
  })

  test('that an event which takes the end back does not say', () => {
    const [modified] = mapEvent(
      '{"syncAction":"user_add_org","userId":"1","active":true}',
      testProject(),
      [],
      NOW,
    ).events
    expect(modified?.tables[0]?.rows[0]?.columns).toContainEqual({
      name: 'isAdmin',
      why: 'is not said: unknown (NULL) where leftAt was set',
    })
  })
})

describe('a table', () => {
  const known = 'visit/begin, visit/end, visit/gone, visit/seen'
  test.each<[string, object, Partial<MappedTable>]>([
    ['that has no such event', { EventType: 'meeting_begin' }, { why: 'has no event meeting_begin' }],
    ['of which somebody wrote another', { EventType: 'visitt' }, { why: 'has no event visitt: is visit meant?' }],
    ['with another subtype', { type: 'late' }, { why: `has no event visit/late, but ${known}` }],
    ['with none', { type: undefined }, { why: `has ${known}, and the event has nothing at .type` }],
    ['of another type', { type: 'seen' }, { why: 'takes visit of the type my:Seen alone' }],
    [
      'that cannot tell what happened',
      { EventType: 42 },
      { why: 'it does not say what happened: there is no text at .EventType' },
    ],
    ['of nobody who failed', { visitId: undefined, errcode: 1 }, { why: 'it reports an error, and names nobody' }],
    ['without an id', { visitId: undefined }, { faults: ['the event names no visitId that can be read'], rows: [] }],
    ['with a word for a number', { visitId: 'x' }, { faults: ['visitId is no whole number'], rows: [] }],
    ['that rejects a value', { must: 'x' }, { faults: ['the value for must cannot be read as integer'], rows: [] }],
  ])('%s', (_, fields, table) => {
    expect(visit(fields)).toMatchObject(table)
  })

  test('of one id that can be read, and one that cannot', () => {
    const { faults, rows } = visit({ visitId: [7, 'x', 8] })
    expect([faults, rows.map(({ key }) => key[1]?.value)]).toEqual([['visitId is no whole number'], ['7', '8']])
  })

  test('that reads item by item', () => {
    const each = readMappings(
      `
table: items
action: .EventType
time: ["@.at", .EventTime]
each: .list
events: { listed: {} }
key: { id: { type: VARCHAR(8) NOT NULL, from: "@.id" } }
columns: { name: { slot: 0, type: VARCHAR(64) NULL, from: "@.name" } }
`,
      'mapping.yaml',
    )
    const list = [{ id: 'a', Name: 'A' }, { name: 'nobody' }, { id: 'b', at: HAPPENED }, { id: 'c', at: LATER }]
    // it says, as DingTalk does, that it is later than its items
    const said = { EventType: 'listed', EventTime: HAPPENED + 1, list }
    const mapped = mapEvent(JSON.stringify(said), testProject({ mappings: each }), [], NOW)
    const table = mapped.events[0]?.tables[0]
    expect(table?.faults).toEqual(['the event names no id that can be read'])
    expect(table?.rows.map(({ columns: [column], version }) => [column, version.time, version.timeIs])).toEqual([
      [{ name: 'name', value: 'A', from: '@.name' }, HAPPENED + 1, 'said'],
      [{ name: 'name', why: 'nothing at @.name' }, HAPPENED, 'said'],
      [{ name: 'name', why: 'nothing at @.name' }, NOW, 'ahead'],
    ])
  })
})

test.each<[string, object, object]>([
  ['its own time', { EventTime: HAPPENED }, { time: HAPPENED, stage: 0, sequence: '0', timeIs: 'said' }],
  ['none', {}, { time: NOW, stage: 0, sequence: '0', timeIs: 'arrival' }],
  ['a time ahead', { EventTime: LATER }, { time: NOW, stage: 0, sequence: '0', timeIs: 'ahead' }],
  ['a stage', { type: 'end' }, { time: NOW, stage: 1, sequence: '0', timeIs: 'arrival' }],
  [
    'a row id',
    { row_id: '12345678901234567890' },
    { time: NOW, stage: 0, sequence: '12345678901234567890', timeIs: 'arrival' },
  ],
])('the version of an event with %s', (_, fields, version) => {
  expect(visit(fields).rows[0]?.version).toEqual(version)
})

describe('rules', () => {
  const rule = (pattern: object, changes: Partial<MapRule> = {}): MapRule => ({
    ...{ bus: project.source.busName, rule: 'one', enabled: true, pattern: JSON.stringify(pattern) },
    targets: [{ endpoint: 'acs:fc:cn-hangzhou:1:functions/dingtalk-employees' }],
    ...changes,
  })
  const elsewhere = { targets: [{ endpoint: 'acs:fc:cn-hangzhou:1:functions/dingtalk-enrich' }] }

  test.each<[string, MapRule[], (string | undefined)[], boolean]>([
    ['that matches', [rule({ source: ['my.dingtalk'] })], [undefined], true],
    ['for another function', [rule({ source: ['my.dingtalk'] }, elsewhere)], [undefined], false],
    ['that is disabled', [rule({}, { enabled: false })], ['the rule is disabled'], false],
    [
      'that is not made',
      [rule({}, { onlyWith: 'DINGTALK_APP_KEY' })],
      ['the rule is not made without DINGTALK_APP_KEY'],
      false,
    ],
    ['that does not', [rule({ source: ['other'] })], ['source does not match ["other"]'], false],
    [
      'whose second condition does not',
      [rule({ source: ['my.dingtalk'], data: { body: { type: ['end'] } } })],
      ['data.body.type does not match ["end"]'],
      false,
    ],
    ['by what EventBridge adds', [rule({ aliyunregionid: ['cn-hangzhou'] })], [undefined], true],
    ['that is none', [rule({ nothing: [] })], [expect.stringMatching(/^the pattern is refused: nothing/)], false],
  ])('%s', (_, rules, why, isBrought) => {
    const [event] = mapEvent('{"EventType":"visit","type":"begin"}', project, rules, NOW).events
    expect([event?.rules.map((one) => one.why), event?.isBrought]).toEqual([why, isBrought])
  })
})

test.each<[string, object, string[]]>([
  ['nothing', { name: 'mobile' }, []],
  ['a field', { mobile: '1' }, ['mobile']],
  [
    'several, wherever they are',
    { a: { org_email: 'x' }, b: [{ tel: '1' }], c: '{"avatar":"x"}' },
    ['org_email', 'tel', 'avatar'],
  ],
  ['a part of a query', { url: 'https://x.example/mobile/home?a=1&b=2' }, ['mobile']],
  ['a secret of the app', { accessToken: 'x' }, ['accessToken']],
])('what the door removes: %s', (_, fields, dropped) => {
  expect(mapEvent(JSON.stringify({ EventType: 'visit', ...fields }), project, [], NOW).dropped).toEqual(dropped)
})

test('a push: each row by itself, and what is no event is said', () => {
  const row = (id: number, bizType: number, data: unknown) => ({
    ...{ id, biz_type: bizType, biz_id: `u${id}`, corp_id: 'c', gmt_modified: HAPPENED },
    biz_data: typeof data === 'string' ? data : JSON.stringify(data),
  })
  const bizData = [
    row(1, 13, { syncAction: 'user_modify_org', name: '小明', mobile: '1' }),
    row(2, 14, { syncAction: 'org_dept_remove' }),
    row(3, 13, '{'),
    row(4, 2, { syncAction: 'suite_ticket' }),
  ]
  const mapped = mapEvent(JSON.stringify({ EventType: 'SYNC_HTTP_PUSH_HIGH', bizData }), testProject(), [], NOW)
  expect(mapped).toMatchObject({ form: 'push', dropped: ['mobile'] })
  expect(mapped.notes).toEqual(['a row of the push is set aside: its biz_data cannot be read'])
  expect(
    mapped.events.map(({ id, tables }) => [id, ...tables.map(({ rows, faults }) => rows.length + faults.length)]),
  ).toEqual([
    ['sync-c-1', 1, 0],
    ['sync-c-2', 0, 1],
  ])
})

test.each<[string, object, string[]]>([
  ['the check of a URL', { EventType: 'check_url' }, ['it is about the app itself: it is answered and not published']],
  [
    'an empty push',
    { EventType: 'SYNC_HTTP_PUSH_HIGH' },
    ['no row of the push is about the organisation: it is answered and not published'],
  ],
])('%s is no event', (_, body, notes) => {
  expect(mapEvent(JSON.stringify(body), testProject(), [], NOW)).toMatchObject({ notes, events: [] })
})

test('what the webhook refuses, and what is no event in a delivery', () => {
  const deep = `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`
  expect(mapEvent(deep, project, [], NOW).fault?.message).toBe(
    'is refused by the webhook: The body may be nested 64 levels deep.',
  )
  const { notes, events } = mapEvent('[{"id":"e","source":"s","data":{}},{"id":"e"}]', project, [], NOW)
  expect([notes, events.length]).toEqual([['an item cannot be read: not a CloudEvent: it has no id or no source'], 1])
})

test('a snapshot, by its type', () => {
  const text = JSON.stringify(snapshotEvent({ CorpId: 'c', userid: '1', name: '小明', EventTime: HAPPENED }))
  const [event] = mapEvent(text, testProject(), [], NOW).events
  expect(event?.tables[0]?.rows[0]?.columns).toContainEqual({ name: 'leftAt', value: null, from: 'clears' })
})

test('a roster says of whom it does not name', () => {
  const body = { syncAction: 'user_roster', CorpId: 'c', EventTime: HAPPENED, after: 'u1', upTo: null, ids: ['u2'] }
  const event = { id: 'r', source: 's', specversion: '1.0', type: 'dingtalk:Directory:Roster', data: { body } }
  const tables = mapEvent(JSON.stringify(event), testProject(), [], NOW).events[0]?.tables
  expect(tables?.[0]?.rows[0]).toMatchObject({
    key: [{ name: 'corpId', value: 'c' }],
    absent: { after: 'u1', ids: 1 },
    version: { time: HAPPENED },
    columns: expect.arrayContaining([{ name: 'leftAt', value: '2026-11-26T02:00:00.000Z', from: 'ends' }]),
  })
  expect(tables?.[1]?.why).toBe('has no event user_roster')
  const bad = JSON.stringify({ ...event, data: { body: { ...body, ids: 'all' } } })
  expect(mapEvent(bad, testProject(), [], NOW).events[0]?.tables[0]).toMatchObject({
    faults: ['the roster has no list of ids that can be read'],
    rows: [],
  })
})

const forms = EVENTS.flatMap((kind) => kind.forms.map((form) => ({ kind, form })))
test.each(forms.map(({ kind, form }) => [kind.name, form, kind] as const))('%s as %s', (_, form, kind) => {
  const [message] = messagesFor(kind, form, { people: [{ userId: '1', name: '小明' }], corpId: 'c', now: HAPPENED })
  const { events, fault } = mapEvent(JSON.stringify(message), testProject(), [], NOW)
  expect(fault).toBeUndefined()
  const takes = shippedMappings.filter((mapping) => Object.hasOwn(mapping.events, kind.name)).map(({ table }) => table)
  const taken = events.flatMap(({ tables }) => tables.filter(({ rows }) => rows.length > 0).map(({ table }) => table))
  expect(taken).toEqual(takes)
})

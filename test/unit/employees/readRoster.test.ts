import { isRoster, readRoster } from '../../../functions/employees/readRoster'
import { contentOf } from '../../../shared/eventbridge/parseCloudEvents'
import type { Mapping } from '../../../shared/mapping/mapping'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { shippedMapping, shippedMappings, tableOf } from '../../support/mapping'

const AT = 1_760_000_000_000
const departments = tableOf('departments', shippedMappings)
const { roster: _, ...withoutRosters } = shippedMapping
const TYPE = shippedMapping.roster?.type ?? ''
const received = (event: Record<string, unknown>) => ({ id: 'e', source: 's', event, text: '' })
const read = (event: Record<string, unknown>, mapping = shippedMapping) =>
  readRoster(received(event), mapping, { DINGTALK_CORP_ID: 'dingown' }, AT + 60_000)
const roster = (body: object, attributes: object = {}) =>
  rosterEvent({ CorpId: 'ding1', EventTime: AT, ids: ['a', 'b'], ...body }, { ...attributes })

test('a roster holds the range, whom it names, and what it says of all others', () => {
  const event = roster({ hiredDate: 'soon' }, { id: 'e7' })
  const found = read(event)
  expect(found).toEqual({
    event: received(event),
    time: AT,
    content: contentOf(received(event)),
    prefix: ['ding1'],
    after: '',
    upTo: undefined,
    ids: new Set(['a', 'b']),
    values: expect.any(Array),
    allowed: 0,
  })
  const values = found !== undefined && 'values' in found ? found.values : []
  const said = shippedMapping.columns.map(({ name }, at) => [name, values[at]] as const)
  expect(Object.fromEntries(said.filter(([, value]) => value !== undefined))).toEqual({
    active: 'false',
    isAdmin: 'false',
    leftAt: '2025-10-09 08:53:20.000',
    lastAction: 'user_roster',
    lastEventId: 'e7',
    lastEventTime: '2025-10-09 08:53:20.000',
    syncState: 'ok',
  })
})

const places = [
  ['data', 'from'],
  ['data', 'body', 'after'],
]
const inTwoPlaces: Mapping = {
  ...shippedMapping,
  ...(shippedMapping.roster && { roster: { ...shippedMapping.roster, after: places } }),
}

test.each<[string, object, Mapping, object]>([
  ['between two ids', { after: 'k', upTo: 'p' }, shippedMapping, { after: 'k', upTo: 'p' }],
  ['from an id on', { after: ' k ' }, shippedMapping, { after: 'k', upTo: undefined }],
  ['up to a number', { upTo: 7 }, shippedMapping, { after: '', upTo: '7' }],
  ['whose beginning is in the second place', { after: 'k' }, inTwoPlaces, { after: 'k' }],
  ['of nobody', { ids: [] }, shippedMapping, { ids: new Set() }],
  ['of numbers', { ids: [1, '2', 1] }, shippedMapping, { ids: new Set(['1', '2']) }],
  ['whose ids are JSON text', { ids: '["a"]' }, shippedMapping, { ids: new Set(['a']) }],
  ['of a corporation that it does not name', { CorpId: '' }, shippedMapping, { prefix: ['dingown'] }],
  ['of a table with one key column', {}, { ...shippedMapping, key: shippedMapping.key.slice(1) }, { prefix: [] }],
  ['of departments', { syncAction: 'dept_roster', after: '-7', ids: [1] }, departments, { after: '-7' }],
])('a roster %s', (_name, body, mapping, expected) => {
  expect(read(roster(body), mapping)).toMatchObject(expected)
})

const NO_IDS = 'the roster has no list of ids that can be read'
const NO_BOUND = "the roster's range: a bound that cannot be read"
const NO_TIME = 'the roster does not say of when it is'

/** Half of it would be taken for all. */
test.each<[string, object, string[]]>([
  ['no ids', { ids: undefined }, [NO_IDS]],
  ['one id that is no list', { ids: 'a' }, [NO_IDS]],
  ['a list that is cut off', { ids: '["a"' }, [NO_IDS]],
  ['one id of several that is none', { ids: ['a', {}, 'b'] }, [NO_IDS]],
  ['an id that has lost digits', { ids: ['a', 2 ** 53] }, [NO_IDS]],
  ['an empty id', { ids: [''] }, [NO_IDS]],
  ['no beginning', { after: undefined }, [NO_BOUND]],
  ['null for a beginning', { after: null }, [NO_BOUND]],
  ['no end', { upTo: undefined }, [NO_BOUND]],
  ['"" for an end', { upTo: '' }, [NO_BOUND]],
  ['a beginning too long', { after: 'x'.repeat(65) }, ["the roster's range: userId is longer than 64 characters"]],
  ['two corporations', { CorpId: ['ding1', 'ding2'] }, ['the roster is of several keys']],
  ['a corporation that cannot be read', { CorpId: {} }, ['the event names no corpId that can be read']],
  ['no time of its own', { EventTime: undefined }, [NO_TIME]],
  ['nothing at all', { ids: null, after: {}, upTo: [], EventTime: 0 }, [NO_IDS, NO_BOUND, NO_BOUND, NO_TIME]],
])('a roster with %s can never be one', (_name, body, faults) => {
  expect(read(roster(body))).toEqual({ faults })
})

test('nor can one whose range ends at what no id of the table can be', () => {
  expect(read(roster({ syncAction: 'dept_roster', upTo: '1.5', ids: [1] }), departments)).toEqual({
    faults: ["the roster's range: deptId is no whole number"],
  })
})

test.each<[string, Record<string, unknown>, Mapping]>([
  ['of another type', roster({}, { type: 'dingtalk:Directory:Snapshot' }), shippedMapping],
  ['of no type', roster({}, { type: undefined }), shippedMapping],
  [
    'of this type by its body alone',
    deliveredEvent({ type: TYPE, syncAction: 'user_roster', ids: [], EventTime: AT }),
    shippedMapping,
  ],
  ['of another table', roster({ syncAction: 'dept_roster' }), shippedMapping],
  ['of this table, for one without rosters', roster({}), withoutRosters],
  ['of no type, for one without rosters', roster({}, { type: undefined }), withoutRosters],
  ['that is a failure', roster({ errcode: 50_002 }), shippedMapping],
])('an event %s is no roster', (_name, event, mapping) => {
  expect(read(event, mapping)).toBeUndefined()
})

test.each<[string, Mapping, unknown, boolean]>([
  ['of the type', shippedMapping, { type: TYPE }, true],
  ['of another', shippedMapping, { type: 'dingtalk:Directory:Snapshot' }, false],
  ['of none', shippedMapping, {}, false],
  ['null', shippedMapping, null, false],
  ['text', shippedMapping, TYPE, false],
  ['of the type, for a table without rosters', withoutRosters, { type: TYPE }, false],
  ['of none, for a table without rosters', withoutRosters, {}, false],
])('whether an event is a roster by its type: %s', (_name, mapping, event, expected) => {
  expect(isRoster(mapping, event)).toBe(expected)
})

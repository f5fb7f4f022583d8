import { brakeOf } from '../../../functions/employees/applyRoster'
import { readRoster } from '../../../functions/employees/readRoster'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import type { Mapping } from '../../../shared/mapping/mapping'
import { rosterEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'

const TIME = 1_700_000_000_000

function read(attributes: object = {}, mapping: Mapping = shippedMapping, allowed?: number) {
  const event = rosterEvent({ ids: ['p1', 'p2'], EventTime: TIME }, { ...attributes })
  const [received] = parseCloudEvents(Buffer.from(JSON.stringify(event))).events
  const reading = received && readRoster(received, mapping, {}, TIME + 1, allowed)
  if (reading === undefined || 'faults' in reading) throw new Error('it is no roster')
  return reading
}

test.each<[unknown, number | undefined, number]>([
  [undefined, undefined, 0],
  ['7', undefined, 7],
  [7, undefined, 7],
  ['7', 3, 7],
  ['3', 7, 7],
  ['', undefined, 0],
  ['-1', undefined, 0],
  ['1e3', undefined, 0],
  ['1234567890', undefined, 0],
  ['12', undefined, 12],
  ['all 12', undefined, 0],
  ['12 of them', undefined, 0],
  [null, undefined, 0],
  [['7'], undefined, 0],
  [{ toString: 7 }, 2, 2],
])('an attribute allowleavers of %j, and %p from an operator, let %i through', (allowleavers, allowed, most) => {
  expect(read({ allowleavers }, shippedMapping, allowed).allowed).toBe(most)
})

test('what the event of the absent ones sets is what they get, and what cannot be read of it is left as it is', () => {
  const { columns, events } = shippedMapping
  const given = (name: string, mapping?: Mapping) => {
    return read({}, mapping).values[columns.findIndex((column) => column.name === name)]
  }
  expect([given('active'), given('leftAt'), given('title')]).toEqual(['false', '2023-11-14 22:13:20.000', undefined])
  const leave = events['user_leave_org']
  if (leave === undefined) throw new Error('there is none')
  const set = { ...leave.set, active: { constant: 'perhaps' } }
  const odd = { ...shippedMapping, events: { ...events, user_leave_org: { ...leave, set } } }
  expect([given('active', odd), given('isAdmin', odd)]).toEqual([undefined, 'false'])
})

const limit = { count: 5, percent: 0 }
const ownLimit: Mapping = {
  ...shippedMapping,
  ...(shippedMapping.roster && { roster: { ...shippedMapping.roster, limit } }),
}

test.each<[string, Mapping, string | undefined, number, object | undefined]>([
  ['as many as may', shippedMapping, undefined, 5, undefined],
  ['one more', shippedMapping, undefined, 6, { most: 5, by: 'MAX_LEAVERS' }],
  ['one more, by the table’s own limit', ownLimit, undefined, 6, { most: 5, by: 'limit in mapping.yaml' }],
  ['as many as an operator lets through', ownLimit, '7', 7, undefined],
  ['one more than that', ownLimit, '7', 8, { most: 7, by: '--allow-leavers' }],
  ['one more, where an operator allows fewer', shippedMapping, '2', 6, { most: 5, by: 'MAX_LEAVERS' }],
])('the brake, of %s', (_, mapping, allowleavers, leavers, braked) => {
  expect(brakeOf(read({ allowleavers }), mapping, limit, { leavers, range: 100 })).toEqual(
    braked && { leavers, range: 100, ...braked },
  )
})

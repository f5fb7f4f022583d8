import type { Mapping } from '../../../shared/mapping/mapping'
import { openFields } from '../../../shared/mapping/readKeys'
import { isOfTable } from '../../../shared/mapping/ruleOf'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { shippedMapping, shippedMappings, tableOf } from '../../support/mapping'

const departments = tableOf('departments', shippedMappings)
const { roster: _, ...withoutRosters } = shippedMapping

test.each<[string, Record<string, unknown>, Mapping, boolean]>([
  ['an event', deliveredEvent({ EventType: 'user_add_org' }), shippedMapping, true],
  ['an event, of a table without rosters', deliveredEvent({ EventType: 'user_add_org' }), withoutRosters, true],
  ['an event of another table', deliveredEvent({ EventType: 'user_add_org' }), departments, false],
  ['an event of none', deliveredEvent({ EventType: 'x' }), shippedMapping, false],
  ['an event of none, of a table without rosters', deliveredEvent({ EventType: 'x' }), withoutRosters, false],
  ['a roster', rosterEvent({}), shippedMapping, true],
  ['a roster, of a table without them', rosterEvent({}), withoutRosters, false],
  ['a roster of another table', rosterEvent({}), departments, false],
  ['a roster by its name alone', rosterEvent({}, { type: 'other' }), shippedMapping, false],
  ['a roster by its type alone', rosterEvent({ syncAction: 'x' }), shippedMapping, false],
])('whether a table takes %s', (_name, event, mapping, expected) => {
  expect(isOfTable(mapping, openFields(mapping.fields, event, mapping.spellings))).toBe(expected)
})

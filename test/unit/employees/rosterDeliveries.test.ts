import { reasonOf } from '../../../functions/employees/applyRoster'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import type { LeaverLimit } from '../../../shared/mapping/leaverLimit'
import type { Mapping } from '../../../shared/mapping/mapping'
import { deliveredEvent, rosterEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { recordedEmployees } from '../../support/recordedEmployees'

const AT = 1_760_000_000_000
const roster = (body: object = {}) => rosterEvent({ CorpId: 'ding1', EventTime: AT, ids: ['a'], ...body }, { id: 'r1' })
const STORED = { received: 1, stored: 1, ignored: 0, deadLettered: 0 }
const BURIED = { received: 1, stored: 0, ignored: 0, deadLettered: 1 }

test('a roster goes to its table as one, and nothing else does', async () => {
  const { deliver, applied, rosters, letters } = recordedEmployees()
  expect(await deliver(roster())).toEqual(STORED)
  expect(applied).toEqual([])
  expect(rosters).toMatchObject([{ table: 'user_info', roster: { ids: new Set(['a']), allowed: 0 } }])
  await deliver(deliveredEvent({ syncAction: 'user_add_org', userId: 'a' }))
  expect(applied).toHaveLength(1)
  expect(rosters).toHaveLength(1)
  expect(letters).toEqual([])
})

test('what an operator lets through goes with it', async () => {
  const { deliver, rosters } = recordedEmployees()
  await deliver(roster(), { allowLeavers: 7 })
  expect(rosters).toMatchObject([{ roster: { allowed: 7 } }])
})

const own: LeaverLimit = { count: 9, percent: 0 }
const ofAll: LeaverLimit = { count: 3, percent: 1 }
const withLimit: Mapping = {
  ...shippedMapping,
  ...(shippedMapping.roster && { roster: { ...shippedMapping.roster, limit: own } }),
}

test.each<[string, Mapping, LeaverLimit | undefined, LeaverLimit]>([
  ["the table's own", withLimit, ofAll, own],
  ["the table's own, without MAX_LEAVERS", withLimit, undefined, own],
  ['MAX_LEAVERS', shippedMapping, ofAll, ofAll],
  ['without both', shippedMapping, undefined, { count: 5, percent: 2 }],
])('how many a roster may take for gone: %s', async (_, mapping, maxLeavers, limit) => {
  const { deliver, rosters } = recordedEmployees({ mappings: [mapping], ...(maxLeavers && { maxLeavers }) })
  await deliver(roster())
  expect(rosters).toMatchObject([{ limit }])
})

test('one that can never be applied is a dead letter, with all that is wrong about it', async () => {
  const { deliver, rosters, letters } = recordedEmployees()
  expect(await deliver(roster({ ids: 'a', EventTime: undefined }))).toEqual(BURIED)
  expect(rosters).toEqual([])
  expect(letters).toMatchObject([
    {
      table: 'user_info',
      eventId: 'r1',
      reason: 'the roster has no list of ids that can be read; the roster does not say of when it is',
    },
  ])
})

test('one that the brake stops is a dead letter, and a line of the log says how many it would have been', async () => {
  const braked = { leavers: 40, range: 100, most: 5, by: 'MAX_LEAVERS' }
  const { deliver, letters, log } = recordedEmployees({ applyRoster: async () => braked })
  expect(await deliver(roster())).toEqual(BURIED)
  expect(letters).toMatchObject([{ table: 'user_info', eventId: 'r1', reason: reasonOf(braked) }])
  const { by: _, ...numbers } = braked
  expect(log.lines).toMatchObject([
    { level: 'error', requestId: 'r', table: 'user_info', outcome: 'brake', eventId: expect.any(String), ...numbers },
    { level: 'info', outcome: 'done' },
  ])
})

test.each<[string, DatabaseError]>([
  ['a trigger of the table', new DatabaseError('ER_SIGNAL_EXCEPTION', 1644, '45000')],
  ['a value that does not fit', new DatabaseError('ER_DATA_TOO_LONG', 1406, '22001')],
])('one that %s refuses is a dead letter', async (_, error) => {
  const { deliver, letters } = recordedEmployees({ applyRoster: () => Promise.reject(error) })
  expect(await deliver(roster())).toEqual(BURIED)
  expect(letters).toMatchObject([{ table: 'user_info', reason: `the table refuses the roster (${error.code})` }])
})

test.each<[string, DatabaseError]>([
  ['a lock', new DatabaseError('ER_LOCK_WAIT_TIMEOUT', 1205, 'HY000')],
  ['no server', new DatabaseError('ECONNREFUSED')],
  ['an error that nobody knows', new DatabaseError('ER_X', 9999, 'HY000')],
])('one that meets %s comes again', async (_, error) => {
  const { deliver, letters } = recordedEmployees({ applyRoster: () => Promise.reject(error) })
  await expect(deliver(roster())).rejects.toMatchObject({ cause: error })
  expect(letters).toEqual([])
})

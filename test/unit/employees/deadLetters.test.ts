import { createHash } from 'node:crypto'
import type { Applied } from '../../../functions/employees/applyChanges'
import type { Change } from '../../../functions/employees/toChanges'
import { contentOf } from '../../../shared/eventbridge/parseCloudEvents'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { recordedEmployees } from '../../support/recordedEmployees'

const TWO = [shippedMapping, { ...shippedMapping, table: 'others' }]
const leave = (userId: unknown, attributes: object = {}) =>
  deliveredEvent({ EventType: 'user_leave_org', userId }, { ...attributes })
const refusing = async (changes: readonly Change[]): Promise<Applied> => ({
  refused: changes.map((change) => ({ change, reason: 'the table refuses it' })),
  unfit: [],
})

test('an event with several faults is one letter, with each of them once', async () => {
  const { deliver, letters } = recordedEmployees()
  expect(await deliver(leave(['a', {}, 'x'.repeat(65), 'y'.repeat(65)]))).toMatchObject({ stored: 0, deadLettered: 1 })
  expect(letters.map(({ reason }) => reason)).toEqual([
    'userId is longer than 64 characters; the event names a userId that cannot be read',
  ])
})

test('of an event that cannot be read in part, and is refused for the rest, the first reason counts', async () => {
  const { deliver, letters } = recordedEmployees({ apply: refusing })
  expect(await deliver(leave(['a', 'b', {}]))).toMatchObject({ stored: 0, deadLettered: 1 })
  expect(letters.map(({ reason }) => reason)).toEqual(['the event names a userId that cannot be read'])
})

test('of two tables that refuse an event each has a letter', async () => {
  const { deliver, letters } = recordedEmployees({ apply: refusing, mappings: TWO })
  expect(await deliver(leave('a'))).toMatchObject({ stored: 0, deadLettered: 1 })
  expect(letters.map(({ table }) => table)).toEqual(['user_info', 'others'])
})

/** An event that comes again, years later and to another release, must find its letter. */
test('the digest of a letter is that of its source, its id, its content and its table', async () => {
  const { deliver, letters } = recordedEmployees()
  const event = leave({}, { id: 'e1', source: 's1' })
  await deliver([event, 'no event', event])
  const content = contentOf({ id: 'e1', source: 's1', event, text: JSON.stringify(event) })
  const sha256 = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const none = letters.find(({ table }) => table === '')
  expect(letters.map(({ digest }) => digest.toString('hex'))).toEqual([
    sha256(none?.source ?? '', none?.eventId ?? '', '"no event"'),
    ...Array.from({ length: 2 }, () => sha256('s1', 'e1', content, 'user_info')),
  ])
})

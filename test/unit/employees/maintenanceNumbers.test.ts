import { createMaintenance } from '../../../functions/employees/maintenance'
import type { Instance } from '../../../functions/employees/maintenance/action'
import { DatabaseError } from '../../../functions/employees/mysqlErrors'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'

/** On a database that allows nothing: whatever gets as far as that is a number. */
function ask(request: Record<string, unknown> & { maintenance: string }): Promise<string> {
  const execute = () => Promise.reject(new DatabaseError('ER_TABLEACCESS_DENIED_ERROR', 1142))
  const instance = () => ({ database: { execute } }) as unknown as Instance
  const now = () => Date.UTC(2026, 10, 24)
  return createMaintenance({ mappings: [shippedMapping], instance, remainingMs: () => 60_000, now }, keptLog())(
    request,
    { requestId: 'r' },
  )
}

test.each<{ given: unknown }>(
  [
    ...[0, -1, 1.5, true, null, '', ' ', 'all', '1 ', ' 1', '+1', '1e2', '1.0', '01', 'x1', '1x', '1y2', '1\n1'],
    ...[[7], [[7]], {}, { toString: 7, valueOf: 7 }, 12_345_678_901, '12345678901'],
  ].map((given) => ({ given })),
)('$given is no number of days, nor of leavers', async ({ given }) => {
  expect(await ask({ maintenance: 'purge', days: given })).toBe('days takes a whole number of days, at least 1.')
  expect(await ask({ maintenance: 'replay', allowLeavers: given })).toBe(
    'allowLeavers takes a whole number, at least 1: how many one roster may mark as left.',
  )
})

test.each([1, '1', 90, '99999'])('%p is a number of days, and of leavers', async (given) => {
  const denied = 'MYSQL_USER lacks a right (ER_TABLEACCESS_DENIED_ERROR). This needs'
  expect(await ask({ maintenance: 'purge', days: given })).toBe(
    `${denied} SELECT and UPDATE on user_info, and SELECT and DELETE on dead_letters.`,
  )
  expect(await ask({ maintenance: 'replay', allowLeavers: given })).toBe(
    `${denied} SELECT, INSERT and UPDATE on user_info and dead_letters, and DELETE on dead_letters.`,
  )
})

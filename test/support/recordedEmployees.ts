import type { Applied } from '../../functions/employees/applyChanges'
import type { Braked } from '../../functions/employees/applyRoster'
import { createEmployees, type EmployeesDependencies, type Replaying } from '../../functions/employees/employees'
import type { Roster } from '../../functions/employees/readRoster'
import type { DeadLetter } from '../../functions/employees/repository'
import type { Change } from '../../functions/employees/toChanges'
import type { LeaverLimit } from '../../shared/mapping/leaverLimit'
import type { Mapping } from '../../shared/mapping/mapping'
import { keptLog } from './logs'
import { shippedMapping } from './mapping'

interface Answers {
  apply?: (changes: readonly Change[]) => Promise<Applied>
  applyRoster?: () => Promise<Braked | undefined>
  mappings?: readonly Mapping[]
  maxLeavers?: EmployeesDependencies['maxLeavers']
}

/** The employees function on a table that keeps what it is given, and answers like this. */
export function recordedEmployees({ apply, applyRoster, mappings = [shippedMapping], maxLeavers }: Answers = {}) {
  const letters: DeadLetter[] = []
  const applied: { table: string; changes: readonly Change[] }[] = []
  const rosters: { table: string; roster: Roster; limit: LeaverLimit }[] = []
  const log = keptLog()
  const employees = createEmployees({
    mappings,
    defaults: { DINGTALK_CORP_ID: '' },
    repository: {
      apply: async (changes, { table }) => {
        applied.push({ table, changes })
        return (await apply?.(changes)) ?? { refused: [], unfit: [] }
      },
      applyRoster: async (roster, { table }, limit) => {
        rosters.push({ table, roster, limit })
        return applyRoster?.()
      },
      bury: async (buried) => {
        letters.push(...buried)
      },
    },
    ...(maxLeavers && { maxLeavers }),
    logHashKey: 'a key for hashes of users',
    now: Date.now,
    log,
  })
  const deliver = (payload: unknown, replaying?: Replaying) =>
    employees(
      Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
      { requestId: 'r' },
      replaying,
    )
  return { deliver, letters, applied, rosters, log }
}

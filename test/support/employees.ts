import { readConfig } from '../../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../../functions/employees/database'
import { createEmployees, type Summary } from '../../functions/employees/employees'
import { createRepository } from '../../functions/employees/repository'
import { type DatabaseAddress, mysqlVariables } from '../../local/database/database'
import type { Logger } from '../../shared/logging'
import type { LeaverLimit } from '../../shared/mapping/leaverLimit'
import type { Mapping } from '../../shared/mapping/mapping'
import { keptLog } from './logs'
import { shippedMapping } from './mapping'

/** A database as an instance of the function has it: one connection. */
export function openInstanceDatabase(address: DatabaseAddress): OpenedDatabase {
  return openDatabase(readConfig(mysqlVariables(address)))
}

/** An instance of the function on a connection: takes an event, an array of them, or a delivery's bytes. */
export function employeesOn(
  database: OpenedDatabase,
  mapping: Mapping | readonly Mapping[] = shippedMapping,
  log: Logger = keptLog(),
  now: () => number = Date.now,
  maxLeavers?: LeaverLimit,
) {
  const handler = createEmployees({
    mappings: [mapping].flat(),
    defaults: { DINGTALK_CORP_ID: '' },
    repository: createRepository(database),
    ...(maxLeavers && { maxLeavers }),
    logHashKey: undefined,
    now,
    log,
  })
  return (events: unknown) =>
    handler(Buffer.isBuffer(events) ? events : Buffer.from(JSON.stringify(events)), {}) as Promise<Summary>
}

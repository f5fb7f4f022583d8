import { readConfig } from '../../functions/employees/config'
import { openDatabase } from '../../functions/employees/database'
import { createEmployees } from '../../functions/employees/employees'
import { createMaintenance, maintenanceRequest } from '../../functions/employees/maintenance'
import type { Instance, Toolbox } from '../../functions/employees/maintenance/action'
import { checkDatabase } from '../../functions/employees/maintenance/doctor'
import { createRepository } from '../../functions/employees/repository'
import { type DatabaseAddress, mysqlVariables } from '../../local/database/database'
import type { Link } from '../../shared/links'
import type { Mapping } from '../../shared/mapping/mapping'
import { type KeptLog, keptLog } from './logs'
import { shippedMapping } from './mapping'

export interface MaintainedInstance extends Instance {
  /** the text that whoever invokes it reads */
  ask(payload: object): Promise<string>
  log: KeptLog
}

/** An instance of the function on this database, as index.ts builds it. */
export function maintainedInstance(
  address: DatabaseAddress,
  options: Partial<Omit<Toolbox, 'instance'>> & { variables?: Record<string, string> } = {},
): MaintainedInstance {
  const { mappings = [shippedMapping], variables, ...rest } = options
  const config = readConfig({ ...mysqlVariables(address), ...variables })
  const database = openDatabase(config)
  const log = keptLog()
  const deliver = createEmployees({
    mappings,
    defaults: { DINGTALK_CORP_ID: '' },
    repository: createRepository(database),
    logHashKey: undefined,
    now: Date.now,
    log,
  })
  const instance = { config, database, deliver }
  const toolbox = { mappings, instance: () => instance, remainingMs: () => 60_000, now: Date.now, ...rest }
  const maintain = createMaintenance(toolbox, log)
  return {
    ...instance,
    log,
    async ask(payload) {
      const request = maintenanceRequest(Buffer.from(JSON.stringify(payload)))
      if (request === undefined) throw new Error('this is a delivery')
      return maintain(request, { requestId: 'r' })
    },
  }
}

/** What npm run doctor says of the mapped table. */
export async function tableLink(address: DatabaseAddress, mapping: Mapping): Promise<Link | undefined> {
  const { config, database } = maintainedInstance(address)
  const links = await checkDatabase({ config, mappings: [mapping], database, instances: undefined })
  await database.close()
  return links.find(({ name }) => name === `table ${mapping.table}`)
}

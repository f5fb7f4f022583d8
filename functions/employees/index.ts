import mappings from '../../mapping.yaml'
import type { FcHandler, FcLifecycleHook } from '../../shared/fc/types'
import { jsonLogger as log } from '../../shared/logging'
import { readConfig } from './config'
import { openDatabase } from './database'
import { createEmployees } from './employees'
import { createMaintenance, maintenanceRequest } from './maintenance'
import type { Instance } from './maintenance/action'
import { createRepository } from './repository'
import { deliveryLimitMs } from './timeLimit'

let built: Instance | undefined
/** when the invocation under way must be over, on the clock of `performance.now()`; an instance has one at a time */
let deadline = Number.POSITIVE_INFINITY
const remainingMs = () => deadline - performance.now()

/** Built once. A bad configuration throws on each delivery, so that no event is lost to it. */
function instance(): Instance {
  if (built === undefined) {
    const config = readConfig(process.env)
    const database = openDatabase(config, { remainingMs })
    const defaults = { DINGTALK_CORP_ID: config.DINGTALK_CORP_ID }
    const repository = createRepository(database)
    const deliver = createEmployees({
      mappings,
      defaults,
      repository,
      maxLeavers: config.MAX_LEAVERS,
      logHashKey: config.LOG_HASH_KEY,
      now: Date.now,
      log,
    })
    built = { config, database, deliver }
  }
  return built
}

const maintain = createMaintenance({ mappings, instance, remainingMs, now: Date.now }, log)

export const handler: FcHandler = async (event, context) => {
  deadline = performance.now() + deliveryLimitMs(context)
  const request = maintenanceRequest(event)
  return request === undefined ? instance().deliver(event, context) : maintain(request, context)
}

/** Only warms the connection: a failed initializer would be answered with 200, so the first delivery throws instead. */
export const initialize: FcLifecycleHook = async () => {
  try {
    await instance().database.connect()
  } catch {
    // the first delivery reports it
  }
}

export const preStop: FcLifecycleHook = async () => {
  await built?.database.close()
}

import mapping from '../../mapping.yaml'
import type { FcHandler, FcLifecycleHook } from '../../shared/fc/types'
import { jsonLogger } from '../../shared/logging'
import { readConfig } from './config'
import { openDatabase, type PooledDatabase } from './database'
import { createEmployees } from './employees'
import { createRepository } from './repository'
import { deliveryLimitMs } from './timeLimit'

let database: PooledDatabase | undefined
let deliver: FcHandler | undefined
/** when the delivery under way must be over, on the clock of `performance.now()`; an instance has one at a time */
let deadline = Number.POSITIVE_INFINITY

/** The handler is built once an instance. A bad configuration throws on each delivery, so that no event is lost to it. */
function employees(): FcHandler {
  if (deliver === undefined) {
    const config = readConfig(process.env)
    database = openDatabase(config, { remainingMs: () => deadline - performance.now() })
    const defaults = { DINGTALK_CORP_ID: config.DINGTALK_CORP_ID }
    const repository = createRepository(mapping, database)
    deliver = createEmployees({ mapping, defaults, repository, logHashKey: config.LOG_HASH_KEY, log: jsonLogger })
  }
  return deliver
}

export const handler: FcHandler = async (event, context) => {
  deadline = performance.now() + deliveryLimitMs(context)
  return employees()(event, context)
}

/** Only warms the connection: a failed initializer would be answered with 200, so the first delivery throws instead. */
export const initialize: FcLifecycleHook = async () => {
  try {
    employees()
    await database?.connect()
  } catch {
    // the first delivery reports it
  }
}

export const preStop: FcLifecycleHook = async () => {
  await database?.close()
}

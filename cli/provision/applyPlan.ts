import { errorCode } from '../../shared/errorCode'
import type { EventBridgeApi } from './eventBridgeApi'
import type { Call, Plan } from './plan'

/**
 * Makes the calls of a plan, one after another. Whoever stops it in between runs the command again.
 * @param report told after each change
 */
export async function applyPlan(api: EventBridgeApi, plan: Plan, report: (line: string) => void): Promise<void> {
  for (const { kind, what, calls } of plan.changes) {
    for (const call of calls) await makeCall(api, call)
    report(`${kind}d ${what}`)
  }
}

/**
 * A call whose answer was lost is made again and finds that it is done. Whether what is there is what was wanted shows
 * when it is read back.
 */
async function makeCall(api: EventBridgeApi, { operation, body }: Call): Promise<void> {
  const isDone = operation.startsWith('delete') ? /NotExist$/ : /(AlreadyExist|Duplicate)$/
  try {
    await api.call(operation, body)
  } catch (error) {
    if (!isDone.test(errorCode(error) ?? '')) throw error
  }
}

import { UserError } from '../../shared/userError'
import { type Plan, printPlan } from './plan'

const TRIES = 10
const PAUSE_MS = 1_000

/**
 * Whether EventBridge has now what it was told: it may take a moment to show it, and may take a field and drop it.
 * @param planAgain what would still have to be changed
 * @throws UserError that shows it
 */
export async function readBack(planAgain: () => Promise<Plan>, sleep: (ms: number) => Promise<unknown>): Promise<void> {
  let plan = await planAgain()
  for (let tries = 1; plan.changes.length > 0; tries++) {
    if (tries === TRIES) {
      throw new UserError(
        `EventBridge took it, but does not show it:\n${printPlan(plan)}\nSet this in the console, or by its newer API (aliyun eventbridge PutTargets), and run the command again.`,
      )
    }
    await sleep(PAUSE_MS)
    plan = await planAgain()
  }
}

/** An instance that is older had been started before the request came, by an initializer or as a provisioned one. */
const LONGEST_COLD_START_MS = 5_000
/** Even after a slow start one try is worth it: a late success is better than a sure failure. */
const SHORTEST_BUDGET_MS = 200

/**
 * When a request must be answered, on the clock of `performance.now()`, which begins with the process. The first request
 * of an instance has waited for the instance to start, and DingTalk's time was running then already.
 */
export function createDeadline(budgetMs: number): (now: number) => number {
  let isFirst = true
  return (now) => {
    const waited = isFirst && now < LONGEST_COLD_START_MS ? now : 0
    isFirst = false
    return now + Math.max(budgetMs - waited, SHORTEST_BUDGET_MS)
  }
}

import { errorCode } from '../../shared/errorCode'
import type { Queryable } from '../../shared/mapping/describeTable'
import { UserError } from '../../shared/userError'
import type { Check, Plan } from './plan'

/**
 * Looks for what would be lost.
 * @throws UserError that says what stands in the way, with the queries that show the rows: no value of theirs
 */
export async function checkPlan(database: Queryable, { refusals, checks }: Plan): Promise<void> {
  const found: string[] = []
  for (const check of checks) {
    const count = await countRows(database, check)
    if (count > 0) found.push(`${check.what}: ${count}. ${check.todo}\n  ${check.rows};`)
  }
  const reasons = [...refusals, ...found]
  if (reasons.length > 0) throw new UserError(['Nothing was done.', ...reasons].join('\n'))
}

async function countRows(database: Queryable, { rows }: Check): Promise<number> {
  const [counted] = await database.query(`SELECT COUNT(*) AS found FROM (${rows}) AS looked_for`)
  return Number((counted as { found: unknown }[])[0]?.found)
}

/**
 * One statement after the other.
 * @throws UserError with the driver's code; its message may quote data
 */
export async function applyPlan(database: Queryable, { steps }: Plan): Promise<void> {
  for (const [index, { sql }] of steps.entries()) {
    try {
      await database.query(sql)
    } catch (error) {
      throw new UserError(
        `Statement ${index + 1} of ${steps.length} was refused (${errorCode(error) ?? 'unknown'}), and ${index === 0 ? 'nothing was done' : 'those before it are done'}. Once the reason is gone, npm run migrate goes on from there.`,
      )
    }
  }
}

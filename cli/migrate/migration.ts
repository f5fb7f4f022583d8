import { type Database, selectCount } from '../../shared/database'
import { SESSION } from '../../shared/mapping/describeTable'
import { errorCodeOn } from '../../shared/serverErrors'
import { UserError } from '../../shared/userError'

/** What is to be done to the database, and what must be true of it before. */
export interface Migration {
  steps: readonly Step[]
  checks: readonly Check[]
  /** why it cannot be done at all */
  refusals: readonly string[]
  /** what is worth knowing */
  notes: readonly string[]
}

/**
 * One statement. DDL is no part of a transaction: after each step the tables are in a state from which the next run goes
 * on, and no row is lost.
 */
export interface Step {
  sql: string
  undo?: string
}

/** What would be lost; nothing is done unless there is none of it. */
export interface Check {
  what: string
  /** a query that shows the rows in question */
  rows: string
  todo: string
}

export function joinMigrations(...migrations: readonly Partial<Migration>[]): Migration {
  return {
    steps: migrations.flatMap(({ steps = [] }) => steps),
    checks: migrations.flatMap(({ checks = [] }) => checks),
    refusals: migrations.flatMap(({ refusals = [] }) => refusals),
    notes: migrations.flatMap(({ notes = [] }) => notes),
  }
}

/**
 * Looks for what would be lost.
 * @throws UserError that says what stands in the way, with the queries that show the rows: no value of theirs
 */
export async function checkMigration(database: Database, { refusals, checks }: Migration): Promise<void> {
  const found: string[] = []
  for (const check of checks) {
    const count = await selectCount(database, `SELECT COUNT(*) AS found FROM (${check.rows}) AS looked_for`)
    if (count > 0) found.push(`${check.what}: ${count}. ${check.todo}\n  ${check.rows};`)
  }
  const reasons = [...refusals, ...found]
  if (reasons.length > 0) throw new UserError(['Nothing was done.', ...reasons].join('\n'))
}

/**
 * One statement after the other.
 * @param report takes how many are done
 * @throws UserError with the driver's code; its message may quote data
 */
export async function runMigration(
  database: Database,
  { steps }: Migration,
  report: (done: number) => void = () => {},
): Promise<void> {
  for (const [index, { sql }] of steps.entries()) {
    try {
      await database.execute(sql)
      report(index + 1)
    } catch (error) {
      throw new UserError(
        `Statement ${index + 1} of ${steps.length} was refused (${(await errorCodeOn(database, error)) ?? 'unknown'}), and ${index === 0 ? 'nothing was done' : 'those before it are done'}. Once the reason is gone, npm run migrate goes on from there.`,
      )
    }
  }
}

/** The statements, each with its undo as a comment: text that a MySQL client runs as it is. */
export function printMigration({ steps, checks, notes }: Migration): string {
  if (steps.length === 0) return asComments(['The tables are as mapping.yaml wants them.', ...notes])
  const head = [
    ...notes,
    ...(checks.length > 0 ? ['These find no row now, and must find none when it is run:'] : []),
    ...checks.map(({ rows }) => `  ${rows};`),
    'To undo it, run the undo lines, the last one first; what has been written since is lost with them.',
  ]
  return [asComments(head), `${SESSION.join(';\n')};`, ...steps.map(printStep)].join('\n\n')
}

function printStep({ sql, undo }: Step): string {
  return undo === undefined ? `${sql};` : `${sql};\n${asComments([`undo: ${undo};`])}`
}

/** Names that are in the database may hold anything, line ends too. */
function asComments(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.split(/[\r\n]+/))
  return lines.map((line) => `-- ${line}`).join('\n')
}

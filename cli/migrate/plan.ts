/** What is to be done to the database, and what must be true of it before. */
export interface Plan {
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

export function joinPlans(...plans: readonly Partial<Plan>[]): Plan {
  return {
    steps: plans.flatMap(({ steps = [] }) => steps),
    checks: plans.flatMap(({ checks = [] }) => checks),
    refusals: plans.flatMap(({ refusals = [] }) => refusals),
    notes: plans.flatMap(({ notes = [] }) => notes),
  }
}

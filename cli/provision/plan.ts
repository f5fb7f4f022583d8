/** What is to be done, for a person to read and for EventBridge to do. */
export interface Plan {
  changes: Change[]
  /** what is worth knowing, such as what is left alone */
  notes: string[]
}

export interface Change {
  kind: 'create' | 'update' | 'delete'
  /** such as `rule employees` */
  what: string
  /** field by field */
  details: string[]
  /** what does it, in order; after each of them the next run could go on, and no event is lost meanwhile */
  calls: Call[]
}

/** One operation of EventBridge's API. */
export interface Call {
  operation: string
  body: Readonly<Record<string, unknown>>
}

export function joinPlans(plans: readonly Plan[]): Plan {
  return { changes: plans.flatMap(({ changes }) => changes), notes: plans.flatMap(({ notes }) => notes) }
}

const SIGNS = { create: '+', update: '~', delete: '-' } as const

export function printPlan({ changes, notes }: Plan, nothing = 'no changes'): string {
  const lines = changes.flatMap(({ kind, what, details }) => [
    `${SIGNS[kind]} ${what}`,
    ...details.map((detail) => `    ${detail}`),
  ])
  return [...(lines.length > 0 ? lines : [nothing]), ...notes].join('\n')
}

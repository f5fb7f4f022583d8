import { errorCode } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import type { EventBridgeApi } from './eventBridgeApi'

/** What is to be done, for a person to read and for EventBridge to do. */
export interface Plan {
  changes: Change[]
  /** what is worth knowing, such as what is left alone */
  notes: string[]
}

interface Change {
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

/** A plan of one change. */
export function planOf(kind: Change['kind'], what: string, details: string[], calls: Call[]): Plan {
  return { changes: [{ kind, what, details, calls }], notes: [] }
}

/** A plan that changes nothing. */
export function noChange(...notes: string[]): Plan {
  return { changes: [], notes }
}

export interface NamedPlan {
  busName: string
  plan: Plan
}

/**
 * One plan for several buses. All that are to be made are made first, since a rule of one may deliver to another; where
 * there are several, each change says whose it is.
 */
export function joinBuses(plans: readonly NamedPlan[]): Plan {
  const isOnly = plans.length === 1
  const isOfBus = ({ calls: [call] }: Change) => call?.operation === 'createEventBus'
  const changes = plans.flatMap(({ busName, plan }) =>
    plan.changes.map((change) => {
      const isNamed = isOnly || change.what === `event bus ${busName}`
      return isNamed ? change : { ...change, what: `${change.what} of bus ${busName}` }
    }),
  )
  return {
    changes: [...changes.filter(isOfBus), ...changes.filter((change) => !isOfBus(change))],
    notes: plans.flatMap(({ busName, plan }) => plan.notes.map((note) => (isOnly ? note : `bus ${busName}: ${note}`))),
  }
}

const SIGNS = { create: '+', update: '~', delete: '-' } as const

export function printPlan({ changes, notes }: Plan, nothing = 'no changes'): string {
  const lines = changes.flatMap(({ kind, what, details }) => [
    `${SIGNS[kind]} ${what}`,
    ...details.map((detail) => `    ${detail}`),
  ])
  return [...(lines.length > 0 ? lines : [nothing]), ...notes].join('\n')
}

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

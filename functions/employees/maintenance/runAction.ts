import { ConfigError } from '../../../shared/config'
import type { FcContext } from '../../../shared/fc/types'
import { type LogFields, whereFrom } from '../../../shared/logging'
import { isAccessDenied } from '../../../shared/serverErrors'
import { UserError } from '../../../shared/userError'
import { DatabaseError } from '../mysqlErrors'
import { type Action, Interrupted, type Toolbox } from './action'
import { doctor } from './doctor'
import { explain } from './explain'
import { purge } from './purge'
import { replay } from './replay'

const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.entries({ doctor, explain, purge, replay }))

/** The text for whoever invoked it; the rest is for the log. */
export type Outcome = LogFields & { outcome: 'done' | 'failed'; text: string }

/** Runs an action by its name. Never rejects: whatever went wrong is told in the text, without a stack or data. */
export async function runAction(
  request: Readonly<Record<string, unknown>> & { maintenance: string },
  toolbox: Toolbox,
  context: FcContext,
): Promise<Outcome> {
  const { maintenance, ...rest } = request
  const action = ACTIONS.get(maintenance)
  if (action === undefined) return failure(`maintenance takes one of ${[...ACTIONS.keys()].join(', ')}.`)
  try {
    checkKeys(maintenance, Object.keys(rest), action.keys)
    return { maintenance, outcome: 'done', text: await action.run(rest, toolbox, context) }
  } catch (error) {
    return { maintenance, ...describe(error, action.grants(toolbox.mappings.map(({ table }) => table).join(', '))) }
  }
}

function checkKeys(maintenance: string, given: readonly string[], taken: readonly string[]): void {
  const wrong = given.filter((key) => !taken.includes(key))
  if (wrong.length === 0) return
  throw new UserError(`${maintenance} takes ${taken.join(', ') || 'nothing else'}, and not ${wrong.join(', ')}.`)
}

function describe(error: unknown, grants: string): Outcome {
  if (error instanceof Interrupted) {
    const reason = describe(error.cause, grants)
    return { ...reason, text: `${error.message} It was stopped: ${reason.text}` }
  }
  if (error instanceof UserError || error instanceof ConfigError) return failure(error.message)
  // a delivery that could not be stored
  if (error instanceof Error && error.cause instanceof DatabaseError) return describe(error.cause, grants)
  if (!(error instanceof DatabaseError)) {
    const text = 'This is a fault of ours; the log of the function says where.'
    return failure(text, { code: 'unexpected', detail: whereFrom(error) })
  }
  const { code } = error
  const text = isAccessDenied(error)
    ? `MYSQL_USER lacks a right (${code}). This needs ${grants}.`
    : `The database refused (${code}). {"maintenance":"doctor"} says more.`
  return failure(text, { code })
}

function failure(text: string, fields: LogFields = {}): Outcome {
  return { ...fields, outcome: 'failed', text }
}

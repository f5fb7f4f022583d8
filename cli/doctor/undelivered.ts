import { errorMessage } from '../../shared/errorCode'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { UserError } from '../../shared/userError'
import { withLocalStore } from '../replay/fromStore'

const NAME = 'never delivered'

/**
 * What lies in the local stack's dead-letter queues, or waits; what a target without a queue lost is not counted. In the
 * cloud it lies in the queues that the links of dead letters name.
 */
export async function checkUndelivered(localDir: string): Promise<Link> {
  try {
    return await withLocalStore(localDir, async ({ deadLetters, traces }) => {
      const { retrying = 0, blocked = 0 } = traces.count({})
      return judgeUndelivered({ dead: deadLetters.list().length, blocked, retrying })
    })
  } catch (error) {
    if (error instanceof UserError) return unknown(NAME, errorMessage(error))
    throw error
  }
}

/** What is tried again by itself is no fault yet; what was given up, or waits for somebody to unblock it, is one. */
export function judgeUndelivered({ dead, blocked, retrying }: Record<'dead' | 'blocked' | 'retrying', number>): Link {
  if (dead + blocked + retrying === 0) return ok(NAME, 'nothing in dead-letter queues')
  const found = `in dead-letter queues: ${dead}; blocked: ${blocked}; waiting for another attempt: ${retrying}`
  if (dead + blocked === 0) return ok(NAME, found, 'the trace page says why')
  const steps = [
    ...(dead > 0 ? ['npm run replay -- --dead-letters'] : []),
    ...(blocked > 0 ? ['Unblock on the trace page'] : []),
  ]
  return wrong(NAME, found, `the trace page says why; after the fix ${steps.join(', and ')}`)
}

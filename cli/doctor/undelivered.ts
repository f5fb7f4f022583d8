import { errorMessage } from '../../shared/errorCode'
import { type Link, ok, unknown } from '../../shared/links'
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
      return judgeUndelivered(deadLetters.list().length, retrying + blocked)
    })
  } catch (error) {
    if (error instanceof UserError) return unknown(NAME, errorMessage(error))
    throw error
  }
}

export function judgeUndelivered(dead: number, waiting: number): Link {
  if (dead + waiting === 0) return ok(NAME, 'nothing in dead-letter queues')
  const step = 'the trace page says why; after the fix npm run replay -- --dead-letters'
  return ok(NAME, `in dead-letter queues: ${dead}; waiting for another attempt: ${waiting}`, step)
}

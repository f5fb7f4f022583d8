import { errorMessage } from '../../shared/errorCode'
import type { PendingDelivery } from '../store/dueDeliveries'
import type { Outcome } from '../store/records'
import type { Target } from '../targets/target'
import { retryDelay } from './retrySchedule'

/**
 * What a failed attempt leads to: another one, and after the last a blocked target (ErrorsTolerance NONE), a dead letter,
 * or nothing. A dead letter that its event bus does not take is kept under the bus's ARN, and the error says why.
 * @param target undefined when the rule has it no more
 */
export async function outcomeOfFailure(
  error: string,
  { attempts, json }: PendingDelivery,
  target: Target | undefined,
  now: number,
  random: () => number,
): Promise<{ outcome: Outcome; error: string }> {
  if (target === undefined) return { outcome: { state: 'dropped' }, error }
  const delay = retryDelay(target.retryStrategy, attempts + 1, random)
  if (delay !== undefined) return { outcome: { state: 'pending', nextAttemptAt: now + delay }, error }
  if (target.errorsTolerance === 'NONE') return { outcome: { state: 'blocked' }, error }

  const { deadLetterQueue: queue, publishDeadLetter } = target
  if (queue === undefined) return { outcome: { state: 'dropped' }, error }
  if (publishDeadLetter === undefined) return { outcome: { state: 'dead-lettered', queue }, error }
  const refusal = await refusalOf(publishDeadLetter(json))
  if (refusal === undefined) return { outcome: { state: 'dead-lettered' }, error }
  return { outcome: { state: 'dead-lettered', queue }, error: `${error}; its dead-letter bus: ${refusal}` }
}

function refusalOf(publishing: Promise<{ error?: string }>): Promise<string | undefined> {
  return publishing.then(({ error }) => error, errorMessage)
}

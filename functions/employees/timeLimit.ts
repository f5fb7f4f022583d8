import type { FcContext } from '../../shared/fc/types'
import { DatabaseError } from './mysqlErrors'

/** As s.yaml has it, for a context that does not say. */
const FUNCTION_TIMEOUT_S = 60
/** What is left to report an error and to answer. */
const RESERVE_MS = 5_000

/**
 * Milliseconds that a delivery may take: less than the function may, so that a database that does not answer is an error
 * with a name, and not a killed instance.
 */
export function deliveryLimitMs(context: FcContext): number {
  const functionMs = (context.function?.timeout ?? FUNCTION_TIMEOUT_S) * 1000
  return Math.max(functionMs - RESERVE_MS, functionMs / 2)
}

export interface TimeLimit {
  ms: number
  /** of the error when it is over */
  code: 'CONNECT_TIMEOUT' | 'STATEMENT_TIMEOUT' | 'DELIVERY_TIMEOUT'
}

/**
 * Waits for the work within the limit. The driver's own time limits do not do: they leave the statement on the
 * connection, where the next one waits behind it, and preparing a statement has none.
 *
 * @param stop ends the work when the time is over
 * @throws DatabaseError when the time is over
 */
export async function within<T>({ ms, code }: TimeLimit, stop: () => void, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeIsOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DatabaseError(code))
      stop()
    }, ms)
  })
  try {
    return await Promise.race([work(), timeIsOver])
  } finally {
    clearTimeout(timer)
  }
}

import { types } from 'node:util'
import { errorCode, errorMessage } from './errorCode'

/**
 * One JSON line a request or delivery: the log query language of Simple Log Service works on it as it is.
 * Values are flat and chosen one by one; never a body, a name, a token or an error's own message from a driver.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

export interface Logger {
  info(fields: LogFields): void
  error(fields: LogFields): void
}

export const jsonLogger: Logger = {
  info: (fields) => console.log(JSON.stringify(Object.assign({ level: 'info' }, fields))),
  error: (fields) => console.error(JSON.stringify(Object.assign({ level: 'error' }, fields))),
}

/** Of ids and the like that a line names: more would make one that the log service cuts. */
export const MAX_ITEMS = 16

/** Several values as one of a line; undefined when there are none. */
export function joined(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(' ')
}

/**
 * Where an unexpected error came from, without its message: messages of parsers and drivers quote the data they choked
 * on, which may be personal. It may have lines that look like places, so that nothing counts before its end.
 */
export function whereFrom(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error
  const code = errorCode(error)
  const [stack, message] = [String(error.stack), errorMessage(error)]
  const from = stack.indexOf(message)
  const places = from < 0 ? '' : stack.slice(from + message.length)
  const frames = places.split('\n').filter((line) => /^\s+at /.test(line))
  const name = code === undefined ? error.name : `${error.name} ${code}`
  return [name, ...frames.slice(0, 5).map((line) => line.trim())].join(' ')
}

/**
 * The code of a system's or driver's error, e.g. ECONNRESET or ER_DUP_ENTRY: what may be logged of it, since messages
 * quote data. Looks at the shape and not the class: errors cross realms (worker threads, tests).
 */
export function errorCode(error: unknown): string | undefined {
  const code = fieldOf(error, 'code')
  return typeof code === 'string' ? code : undefined
}

/** The message of an error of our own, or whatever else was thrown as text. Whatever that is: it does not throw itself. */
export function errorMessage(error: unknown): string {
  const message = fieldOf(error, 'message')
  try {
    return String(message === undefined ? error : message)
  } catch {
    return 'what was thrown has no text'
  }
}

/** undefined where there is none, or reading it throws, as of null */
function fieldOf(error: unknown, name: 'code' | 'message'): unknown {
  if (typeof error !== 'object') return undefined
  try {
    return (error as Record<typeof name, unknown>)[name]
  } catch {
    return undefined
  }
}

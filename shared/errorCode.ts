/**
 * The code of a system's or driver's error, e.g. ECONNRESET or ER_DUP_ENTRY: what may be logged of it, since messages
 * quote data. Looks at the shape and not the class: errors cross realms (worker threads, tests).
 */
export function errorCode(error: unknown): string | undefined {
  return hasField(error, 'code') && typeof error.code === 'string' ? error.code : undefined
}

/** The message of an error of our own, or whatever else was thrown as text. */
export function errorMessage(error: unknown): string {
  return hasField(error, 'message') ? String(error.message) : String(error)
}

function hasField<Name extends string>(error: unknown, name: Name): error is Record<Name, unknown> {
  return typeof error === 'object' && error !== null && name in error
}

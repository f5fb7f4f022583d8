/** What Function Compute takes in a synchronous call. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024

/** What Ctrl-C waits for; what a function still does then, for a database that hangs, is cut off. */
export const STOP_GRACE_MS = 5_000

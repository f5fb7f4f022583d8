import type { FunctionHost } from './functionHost/functionHost'

/** https://www.alibabacloud.com/help/en/functioncompute/fc/error-handling-1-2 */
const ATTEMPTS = 4

/**
 * Asynchronous invocation: a function that fails is invoked again, up to three times. How long Function Compute waits in
 * between is not documented; here it does not wait. Events lie in memory only: those not done when the host stops are
 * lost. The host logs each failure. Never rejects.
 */
export async function invokeInBackground(
  host: Pick<FunctionHost, 'invoke'>,
  event: Buffer,
  requestId: string,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const result = await host.invoke(event, requestId).catch(() => undefined)
    if (result?.errorType === undefined) return
  }
}

import { type Answer, postJson } from '../../local/sender/postJson'
import { errorCode } from '../../shared/errorCode'

/** Over DingTalk's own patience by far: a cold start is no broken link. */
const ANSWER_WITHIN_MS = 10_000

/**
 * Posts JSON text as DingTalk does, and waits no longer than for a cold start.
 * @returns the code of the error when nothing answers
 */
export async function post(url: URL, body: string, headers: Record<string, string> = {}): Promise<Answer | string> {
  try {
    return await postJson(url, body, headers, AbortSignal.timeout(ANSWER_WITHIN_MS))
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return errorCode(cause) ?? 'no answer'
  }
}

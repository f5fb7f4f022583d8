import { errorCode } from '../../shared/errorCode'

export interface PostAnswer {
  status: number
  text: string
}

/** Over DingTalk's own patience by far: a cold start is no broken link. */
const ANSWER_WITHIN_MS = 10_000

/**
 * Posts JSON text as DingTalk does, which follows no redirect.
 * @returns the code of the error when nothing answers
 */
export async function post(url: URL, body: string, headers: Record<string, string> = {}): Promise<PostAnswer | string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return errorCode(cause) ?? 'no answer'
  }
}

import type { WebhookConfig } from '../../functions/webhook/config'
import { type Answer, connectorHeaders, postJson } from '../../local/sender/requests'
import { DOCTOR_TRACE } from '../../local/stack/functionLog'
import { errorCode } from '../../shared/errorCode'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { COMPARE_URL, DEPLOY, FIND_WEBHOOK } from './steps'

/** No mapping knows it, so employees answers that it is ignored. */
export const EVENT = '{"syncAction":"doctor_probe"}'
/** No JSON: the webhook refuses it with 400 once it has let the sender in, with 401 before, and publishes nothing. */
export const NO_EVENT = '{'

/** Sends a probe with whatever of the plain authentications is set. */
export function sendProbe(url: URL, config: WebhookConfig, probe: string): Promise<Answer | string> {
  const { WEBHOOK_TOKEN, CONNECTOR_API_SECRET } = config
  const secrets = { token: WEBHOOK_TOKEN[0], apiSecret: CONNECTOR_API_SECRET }
  return post(url, probe, connectorHeaders(secrets, Date.now()))
}

export function judgeProbe(answer: Answer | string): Link {
  if (typeof answer === 'string') return judgeRefusal('webhook', answer)
  if (eventIdOf(answer) !== undefined) return ok('webhook', `took the event ${EVENT}, which is about nobody`)
  if (answer.status === 400) return ok('webhook', 'lets us in (no event was sent, since links before it are wrong)')
  return judgeRefusal('webhook', answer)
}

/** The id under which EventBridge has the probe; undefined when it has none. */
export function eventIdOf({ status, text }: Answer): string | undefined {
  if (status !== 200) return undefined
  return /"EventId":"([^"]+)"/.exec(text)?.[1]
}

/** What an answer other than the wanted one says of the webhook. */
export function judgeRefusal(name: string, answer: Answer | string): Link {
  if (typeof answer === 'string') {
    return wrong(name, `nothing answers (${answer})`, FIND_WEBHOOK)
  }
  const { status } = answer
  if (status >= 300 && status < 400) {
    return wrong(name, `redirects (${status})`, 'give DingTalk the URL that it redirects to: DingTalk follows none')
  }
  switch (status) {
    case 200:
      return wrong(name, 'answers 200, and not as the webhook does', COMPARE_URL)
    case 401:
      return wrong(name, 'knows neither token nor signature (401)', DEPLOY)
    case 403:
      return unknown(
        name,
        'does not let this machine in (403)',
        'ALLOWED_IPS or ALLOWED_REFERERS; ask from DingTalk’s side',
      )
    case 503:
      return wrong(name, 'takes nothing now (503)', 'its log says why: status: 503, with code and detail')
    case 500:
    case 502:
      return wrong(
        name,
        `does not work (${status})`,
        'its log says why: outcome: bad_configuration names the variables',
      )
    default:
      return wrong(name, `refuses with ${status}`, 'compare the URL with what s deploy printed, and ALLOWED_METHODS')
  }
}

/** Over DingTalk's own patience by far: a cold start is no broken link. */
const ANSWER_WITHIN_MS = 10_000

/**
 * Posts JSON text as DingTalk does, and waits no longer than for a cold start.
 * @returns the code of the error when nothing answers
 */
export async function post(url: URL, body: string, headers: Record<string, string> = {}): Promise<Answer | string> {
  try {
    return await postJson(url, body, { ...headers, traceparent: DOCTOR_TRACE }, AbortSignal.timeout(ANSWER_WITHIN_MS))
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return errorCode(cause) ?? 'no answer'
  }
}

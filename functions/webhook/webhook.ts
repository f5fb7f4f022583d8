import { publish } from '../../shared/eventbridge/publish'
import type { PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import { eventSourceOf } from '../../shared/eventbridge/variables'
import type { HttpListener } from '../../shared/fc/mountHttp'
import type { FcContext } from '../../shared/fc/types'
import { type LogFields, type Logger, whereFrom } from '../../shared/logging'
import { sendJson } from '../../shared/sendJson'
import { answerError, toHttpError } from './answer'
import { compileChecks } from './checkRequest'
import type { WebhookConfig } from './config'
import { compileDropFields } from './dropFields'
import { HttpError } from './httpError'
import { eventFields, setAsideFields } from './logLine'
import { compileEnvelope } from './openEnvelope'
import { compileOwnSecrets } from './ownSecrets'
import { readEvents } from './readEvents'
import { readRequest } from './readRequest'
import { toCloudEvent, traceparentOf } from './toCloudEvent'

export interface WebhookDependencies {
  config: WebhookConfig
  /** publishes a batch of serialised events before the deadline (on the clock of `performance.now()`) */
  putEvents(events: readonly string[], context: FcContext, deadline: number): Promise<PutEventsAnswer>
  now(): Date
  log: Logger
}

/**
 * The webhook: checks a request of DingTalk's, makes CloudEvents of it and answers success once EventBridge has taken
 * them. Status codes: README, "What happens to an event". One log line a request, and more of rows that were set aside,
 * free of personal data.
 */
export function createWebhook({ config, putEvents, now, log }: WebhookDependencies): HttpListener {
  const checkRequest = compileChecks(config)
  const openEnvelope = compileEnvelope(config)
  const dropFields = compileDropFields(config.DROP_FIELDS)
  const withoutOwnSecrets = compileOwnSecrets(config)
  const deadlineFrom = createDeadline(config.REQUEST_BUDGET_MS)

  return async function webhook(req, res) {
    const started = performance.now()
    const deadline = deadlineFrom(started)
    const request = readRequest(req)
    const line = { requestId: request.requestId, traceparent: traceparentOf(request) }
    const tell = (fields: LogFields): LogFields => Object.assign(line, fields)
    try {
      checkRequest(request)
      const opened = openEnvelope(request, () => now().getTime())
      const { contents, setAside, isPush } = readEvents(opened.content, dropFields)
      const source = eventSourceOf(req.fc.context, config)
      const clean = dropFields.fromRequest(withoutOwnSecrets(request))
      const events = contents.map((content) => toCloudEvent(clean, content, source, now()))
      tell({ kind: opened.kind })
      tell(eventFields(opened.content, contents, events, config.LOG_HASH_KEY))
      const { answer, refused, failure } = await publish(events, (batch) => putEvents(batch, req.fc.context, deadline))
      if (!isPush && refused[0]) throw new HttpError(400, refused[0].code, 'EventBridge refused the event as invalid.')
      const lost = [...setAside, ...refused]
      for (const fields of setAsideFields(lost)) {
        log.error({ requestId: request.requestId, outcome: 'set_aside', ...fields })
      }
      tell({ setAside: lost.length || undefined })
      if (failure !== undefined) throw failure
      log.info(tell({ outcome: events.length > refused.length ? 'published' : 'answered', ms: msSince(started) }))
      // EventBridge's own answer, as the hosted HTTP event source gives it, or the encrypted reply to a callback
      sendJson(
        res,
        200,
        opened.reply?.() ?? Object.assign(answer, { RequestId: answer.RequestId || request.requestId }),
      )
    } catch (error) {
      const failure = toHttpError(error)
      const { status, code, check } = failure
      const report = status >= 500 ? log.error : log.info
      const detail = status === 500 ? whereFrom(failure.cause) : status > 500 ? failure.message : undefined
      report(tell({ outcome: 'refused', status, code, check, detail, ms: msSince(started) }))
      answerError(res, failure, request.requestId)
    }
  }
}

function msSince(started: number): number {
  return Math.round(performance.now() - started)
}

/** An instance that is older had been started before the request came, by an initializer or as a provisioned one. */
const LONGEST_COLD_START_MS = 5_000
/** Even after a slow start one try is worth it: a late success is better than a sure failure. */
const SHORTEST_BUDGET_MS = 200

/**
 * When a request must be answered, on the clock of `performance.now()`, which begins with the process. The first request
 * of an instance has waited for the instance to start, and DingTalk's time was running then already.
 */
export function createDeadline(budgetMs: number): (now: number) => number {
  let isFirst = true
  return (now) => {
    const waited = isFirst && now < LONGEST_COLD_START_MS ? now : 0
    isFirst = false
    return now + Math.max(budgetMs - waited, SHORTEST_BUDGET_MS)
  }
}

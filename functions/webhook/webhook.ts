import type { PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import type { HttpListener } from '../../shared/fc/mountHttp'
import type { FcContext } from '../../shared/fc/types'
import { type LogFields, type Logger, whereFrom } from '../../shared/logging'
import { answerAccepted, answerError, toHttpError } from './answer'
import { compileChecks } from './checkRequest'
import type { WebhookConfig } from './config'
import { createDeadline } from './deadline'
import { dropFields } from './dropFields'
import { eventFields } from './logLine'
import { compileEnvelope } from './openEnvelope'
import { publish } from './publish'
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
 * them. Status codes: README, "What happens to an event". One log line a request, free of personal data.
 */
export function createWebhook({ config, putEvents, now, log }: WebhookDependencies): HttpListener {
  const checkRequest = compileChecks(config)
  const openEnvelope = compileEnvelope(config)
  const droppedFields = new Set(config.DROP_FIELDS)
  const deadlineFrom = createDeadline(config.REQUEST_BUDGET_MS)

  return async function webhook(req, res) {
    const started = performance.now()
    const deadline = deadlineFrom(started)
    const request = readRequest(req)
    let line: LogFields = { requestId: request.requestId, traceparent: traceparentOf(request) }
    try {
      checkRequest(request)
      const opened = openEnvelope(request, () => now().getTime())
      const contents = opened.contents.map((content) => dropFields(content, droppedFields))
      const source = eventSource(config, req.fc.context)
      const events = contents.map((content) => toCloudEvent(request, content, source, now()))
      line = { ...line, kind: opened.kind, ...eventFields(contents, events, config.LOG_HASH_KEY) }
      const published = await publish(events, (batch) => putEvents(batch, req.fc.context, deadline))
      log.info({ ...line, outcome: events.length > 0 ? 'published' : 'answered', ms: msSince(started) })
      answerAccepted(res, opened.reply?.() ?? published)
    } catch (error) {
      const failure = toHttpError(error)
      const { status, code, check } = failure
      const report = status >= 500 ? log.error : log.info
      const detail = status === 500 ? whereFrom(failure.cause) : status > 500 ? failure.message : undefined
      report({ ...line, outcome: 'refused', status, code, check, detail, ms: msSince(started) })
      answerError(res, failure, request.requestId)
    }
  }
}

function msSince(started: number): number {
  return Math.round(performance.now() - started)
}

function eventSource(config: WebhookConfig, context: FcContext) {
  return {
    name: config.EVENT_SOURCE_NAME,
    busName: config.EVENT_BUS_NAME,
    region: context.region ?? config.FC_REGION ?? '',
    accountId: context.accountId ?? config.FC_ACCOUNT_ID ?? '',
  }
}

import type { PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import type { HttpListener } from '../../shared/fc/mountHttp'
import type { FcContext } from '../../shared/fc/types'
import { type Logger, whereFrom } from '../../shared/logging'
import { answerAccepted, answerError, toHttpError } from './answer'
import { compileChecks } from './checkRequest'
import type { WebhookConfig } from './config'
import { dropFields } from './dropFields'
import { openEnvelope } from './openEnvelope'
import { publish } from './publish'
import { readRequest } from './readRequest'
import { type OutgoingEvent, toCloudEvent } from './toCloudEvent'

export interface WebhookDependencies {
  config: WebhookConfig
  /** publishes one serialised event before the deadline (on the clock of `performance.now()`) */
  putEvent(eventJson: string, context: FcContext, deadline: number): Promise<PutEventsAnswer>
  now(): Date
  log: Logger
}

/**
 * The webhook: checks a request of DingTalk's, makes a CloudEvent of it and answers success once EventBridge has taken
 * it. Status codes: design, "Errors". One log line a request, free of personal data.
 */
export function createWebhook({ config, putEvent, now, log }: WebhookDependencies): HttpListener {
  const checkRequest = compileChecks({
    methods: config.ALLOWED_METHODS,
    maxBodyBytes: config.MAX_BODY_BYTES,
    token: config.WEBHOOK_TOKEN,
  })
  const droppedFields = new Set(config.DROP_FIELDS)

  return async function webhook(req, res) {
    const started = performance.now()
    const request = readRequest(req)
    let event: OutgoingEvent | undefined
    try {
      checkRequest(request)
      const content = dropFields(openEnvelope(request), droppedFields)
      event = toCloudEvent(request, content, eventSource(config, req.fc.context), now())
      const answer = await publish(event, (json) => putEvent(json, req.fc.context, started + config.REQUEST_BUDGET_MS))
      log.info({ ...line(), outcome: 'published' })
      answerAccepted(res, answer)
    } catch (error) {
      const failure = toHttpError(error)
      const report = failure.status >= 500 ? log.error : log.info
      const detail = failure.status === 500 ? whereFrom(failure.cause) : undefined
      report({ ...line(), outcome: 'refused', status: failure.status, code: failure.code, detail })
      answerError(res, failure, request.requestId)
    }

    function line() {
      return { requestId: request.requestId, eventId: event?.id, ms: Math.round(performance.now() - started) }
    }
  }
}

function eventSource(config: WebhookConfig, context: FcContext) {
  return {
    name: config.EVENT_SOURCE_NAME,
    busName: config.EVENT_BUS_NAME,
    region: context.region ?? config.FC_REGION ?? '',
    accountId: context.accountId ?? config.FC_ACCOUNT_ID ?? '',
  }
}

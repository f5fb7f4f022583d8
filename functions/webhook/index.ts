import { ConfigError } from '../../shared/config'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { credentialsOf, eventBridgeEndpoint } from '../../shared/eventbridge/variables'
import { type HttpListener, mountHttp } from '../../shared/fc/mountHttp'
import { jsonLogger as log, whereFrom } from '../../shared/logging'
import { answerError, toHttpError } from './answer'
import { readConfig, type WebhookConfig } from './config'
import { createWebhook } from './webhook'

/** The HTTP trigger's handler. There is no initializer: a failed one would be answered with 200. */
export const handler = mountHttp(buildWebhook())

/** With a bad configuration every request gets the fixed 500, and the log names the variables. */
function buildWebhook(): HttpListener {
  try {
    const config = readConfig(process.env)
    const client = createEventBridgeClient(eventBridgeEndpoint(config))
    if (isOpen(config)) {
      log.info({ outcome: 'open', detail: 'no authentication is configured: anyone who knows the URL can send events' })
    }
    return createWebhook({
      config,
      putEvents: (events, context, deadline) =>
        client.putEvents(events, { credentials: credentialsOf(context, config), deadline }),
      now: () => new Date(),
      log,
    })
  } catch (error) {
    log.error({ outcome: 'bad_configuration', detail: error instanceof ConfigError ? error.message : whereFrom(error) })
    return (req, res) => answerError(res, toHttpError(error), req.fc.context.requestId ?? '')
  }
}

function isOpen(config: WebhookConfig): boolean {
  return config.WEBHOOK_TOKEN.length === 0 && !config.CONNECTOR_API_SECRET && config.DINGTALK_TOKEN.length === 0
}

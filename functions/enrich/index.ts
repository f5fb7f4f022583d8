import { ConfigError } from '../../shared/config'
import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { type DirectoryInstance, openInstance } from '../../shared/dingtalk/directory/instance'
import { errorCode } from '../../shared/errorCode'
import { deliveryFields } from '../../shared/eventbridge/deliveryFields'
import { parseCloudEvents } from '../../shared/eventbridge/parseCloudEvents'
import { setAside } from '../../shared/eventbridge/publisher'
import type { FcHandler } from '../../shared/fc/types'
import { jsonLogger as log, whereFrom } from '../../shared/logging'
import { type EnrichConfig, readConfig } from './config'
import { enrich } from './enrich'

/** As s.yaml has it, for a context that does not say. */
const FUNCTION_TIMEOUT_S = 60

let built: { config: EnrichConfig; instance: DirectoryInstance } | undefined

/** Built once. A bad configuration throws on each delivery, so that no event is lost to it. */
function build() {
  const config = readConfig(process.env)
  return { config, instance: openInstance(config) }
}

/** The target of a rule for events that carry ids alone. */
export const handler: FcHandler = async (event, context) => {
  const started = performance.now()
  const delivery = parseCloudEvents(event)
  const line = () => ({
    requestId: context.requestId,
    ...deliveryFields(delivery.events, built?.config.LOG_HASH_KEY),
    ms: Math.round(performance.now() - started),
  })
  let requestsBefore = 0
  try {
    built ??= build()
    const { config, instance } = built
    requestsBefore = instance.requests()
    const tools = { ...instance.begin(context, FUNCTION_TIMEOUT_S), corpId: config.DINGTALK_CORP_ID }
    const summary = await enrich(delivery, tools)
    const refused = setAside(tools.publisher)
    if (refused !== undefined) log.error({ ...line(), ...refused })
    log.info({ ...line(), outcome: 'done', ...summary, calls: instance.requests() - requestsBefore })
    return summary
  } catch (error) {
    // the messages of these two name variables, permissions and addresses, and nobody
    const isPlain = error instanceof DingtalkError || error instanceof ConfigError
    const detail = isPlain ? error.message : whereFrom(error)
    const reaction = error instanceof DingtalkError ? error.reaction : undefined
    const calls = (built?.instance.requests() ?? 0) - requestsBefore
    log.error({ ...line(), outcome: 'enrich_failed', code: errorCode(error), reaction, detail, calls })
    throw error
  }
}

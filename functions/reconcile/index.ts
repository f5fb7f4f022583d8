import { ConfigError } from '../../shared/config'
import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { type DirectoryInstance, openInstance } from '../../shared/dingtalk/directory/instance'
import { errorCode } from '../../shared/errorCode'
import type { FcHandler } from '../../shared/fc/types'
import { showLinks, wrong } from '../../shared/links'
import { jsonLogger as log, whereFrom } from '../../shared/logging'
import { readConfig } from './config'
import { checkDingtalk } from './doctor/checkDingtalk'
import { publishFailedPushes } from './failedPushes'
import { readRequest, type Task } from './readRequest'
import { reconcile } from './reconcile'

/** As s.yaml has it, for a context that does not say. */
const FUNCTION_TIMEOUT_S = 3600

/** DingTalk's clock, and the cloud's. */
const CLOCKS_DIFFER_MS = 60_000

let built: DirectoryInstance | undefined
/** When the last walk began that saw everybody; there is one instance, and others only walk once more. */
let walkedFrom = Number.NEGATIVE_INFINITY

/**
 * The target of timers, and of a rule for a change of the app's range: see readRequest. Whatever goes wrong is thrown, a bad
 * configuration as well, so that the invocation counts as failed.
 */
export const handler: FcHandler = async (event, context) => {
  const started = performance.now()
  const line = () => ({ requestId: context.requestId, ms: Math.round(performance.now() - started) })
  let task: Task | undefined
  const requestsBefore = built?.requests() ?? 0
  try {
    const request = readRequest(event)
    task = request.task
    if (task === 'none') return { outcome: 'ignored' }
    if (task === 'doctor') {
      const text = await examine()
      log.info({ ...line(), maintenance: 'doctor', outcome: 'done' })
      return text
    }
    const startedAt = Date.now()
    if (request.askedAt < walkedFrom - CLOCKS_DIFFER_MS) {
      log.info({ ...line(), outcome: 'walked_since' })
      return { outcome: 'walked_since' }
    }
    built ??= openInstance(readConfig(process.env))
    const tools = built.begin(context, FUNCTION_TIMEOUT_S)
    const found =
      task === 'failed' ? await publishFailedPushes(tools, log) : await reconcile({ ...tools, now: Date.now, log })
    if (found.outcome === 'walked') walkedFrom = startedAt
    const summary = { ...found, calls: built.requests() - requestsBefore }
    const report = summary.outcome === 'withheld' ? log.error : log.info
    report({ ...line(), ...summary })
    return summary
  } catch (error) {
    // the messages of these two name variables, permissions and addresses, and nobody
    const isPlain = error instanceof DingtalkError || error instanceof ConfigError
    const detail = isPlain ? error.message : whereFrom(error)
    const reaction = error instanceof DingtalkError ? error.reaction : undefined
    const calls = (built?.requests() ?? 0) - requestsBefore
    log.error({ ...line(), outcome: 'reconcile_failed', task, code: errorCode(error), reaction, detail, calls })
    throw error
  }
}

/** `{"maintenance":"doctor"}`: from where the functions call, with the keys that they have. Its text is the answer. */
async function examine(): Promise<string> {
  try {
    return showLinks(await checkDingtalk(readConfig(process.env)))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return showLinks([wrong('variables', error.message, 'set them in .env, and deploy')])
  }
}

import type { TargetParam } from '../transform/compileTransform'
import { ANY_FORM, compileParams } from './params'
import type { Connections, Target } from './target'

const ENDPOINT = /^acs:mns:[^:]*:[^:]*:\/?queues\/([A-Za-z0-9][A-Za-z0-9-]{0,119})(?:\/messages)?$/

/** https://help.aliyun.com/en/mns/product-overview/limits */
const MAX_BYTES = 64 * 1024

/** The queue that a target's Endpoint names; undefined for any other text. */
export function queueOfEndpoint(endpoint: string): string | undefined {
  return ENDPOINT.exec(endpoint)?.[1]
}

/**
 * `acs.mns.queue`: a queue of this emulator, `acs:mns:<region>:<account>:queues/<queue>`, from which others read by MNS's
 * own API. The message is what Body makes of the event, in Base64 where IsBase64Encode says so.
 * https://help.aliyun.com/en/eventbridge/user-guide/event-target-parameters
 * @throws Error that names the parameter and what to write
 */
export function compileMnsQueueTarget(
  endpoint: string,
  params: readonly TargetParam[],
  { enqueue }: Connections,
): Pick<Target, 'deliver'> {
  const queue = queueOfEndpoint(endpoint)
  if (queue === undefined) throw new Error('Endpoint: must be acs:mns:<region>:<account>:queues/<queue>')
  if (enqueue === undefined) throw new Error('Type: this emulator has no queues')
  const { constant, text } = compileParams('acs.mns.queue', params, {
    queue: { inEndpoint: queue },
    Body: { required: true, forms: ANY_FORM },
    IsBase64Encode: { values: ['true', 'false'] },
  })
  const isEncoded = constant('IsBase64Encode') === 'true'
  return {
    async deliver(eventText) {
      const body = text('Body', eventText)
      const message = isEncoded ? Buffer.from(body).toString('base64') : body
      const bytes = Buffer.byteLength(message)
      if (bytes > MAX_BYTES) return { error: `the message has ${bytes} bytes, ${MAX_BYTES} are allowed` }
      await enqueue(queue, message)
      return {}
    },
  }
}

import type { TargetParam } from '../transform/compileTransform'
import { ANY_FORM, compileParams } from './params'
import { guardHost, parseUrl, post } from './post'
import type { Connections, Target } from './target'

/** The service's own is not documented. */
const TIMEOUT_MS = 15_000

/**
 * `http` and `https`: a POST to the Endpoint, on this machine or on an allowed host; see guardHost. A status of 300 or
 * more is a failure, a redirect too. Parameters beside Body are those of the service that make no difference here.
 *
 * The headers x-eventbridge-signature… are left out: the service signs with a key whose certificate lies at its own
 * address, by which a receiver tells it from others. Whatever the emulator sent there, a receiver that checks it would
 * have to refuse, and one that does not would learn nothing.
 * https://help.aliyun.com/en/eventbridge/user-guide/signature-algorithm
 *
 * @throws Error that names the parameter and what to write
 */
export function compileHttpTarget(
  type: 'http' | 'https',
  endpoint: string,
  params: readonly TargetParam[],
  { allowedHosts, signal }: Connections,
): Pick<Target, 'deliver'> {
  const url = parseUrl('Endpoint', endpoint, [type])
  const lookup = guardHost(url, allowedHosts)
  const { constant, text } = compileParams(type, params, {
    URL: {},
    Method: { values: ['POST'] },
    Network: { values: ['PublicNetwork'] },
    Body: { required: true, forms: ANY_FORM },
  })
  if ((constant('URL') ?? endpoint) !== endpoint) throw new Error('URL: must be the Endpoint')
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return {
    async deliver(eventText) {
      const { status } = await post(url, text('Body', eventText), { headers, timeoutMs: TIMEOUT_MS, lookup, signal })
      return status < 300 ? { answer: `HTTP ${status}` } : { error: `HTTP ${status}` }
    },
  }
}

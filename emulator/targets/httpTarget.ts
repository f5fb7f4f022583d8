import type { TargetParam } from '../transform/compileTransform'
import { canBeHeader } from './headers'
import { ANY_FORM, compileParams } from './params'
import { guardHost, parseUrl, post } from './post'
import { signRequest } from './signRequest'
import type { Connections, Target } from './target'

/** The service's own is not documented. */
const TIMEOUT_MS = 15_000

/**
 * `http` and `https`: a POST to the Endpoint, on this machine or on an allowed host; see guardHost. It is signed, see
 * signRequest; Token goes along for the receiver to compare. A status of 300 or more is a failure, a redirect too.
 * Parameters beside Body and Token are those of the service that make no difference here.
 * https://help.aliyun.com/en/eventbridge/user-guide/route-events-to-http-endpoints
 *
 * @throws Error that names the parameter and what to write
 */
export function compileHttpTarget(
  type: 'http' | 'https',
  endpoint: string,
  params: readonly TargetParam[],
  { allowedHosts, signer, agents, signal }: Connections,
): Pick<Target, 'deliver'> {
  const url = parseUrl('Endpoint', endpoint, [type])
  const lookup = guardHost(url, allowedHosts)
  const { constant, text } = compileParams(type, params, {
    URL: {},
    Method: { values: ['POST'] },
    Network: { values: ['PublicNetwork'] },
    Body: { required: true, forms: ANY_FORM },
    Token: {},
  })
  if ((constant('URL') ?? endpoint) !== endpoint) throw new Error('URL: must be the Endpoint')
  const token = constant('Token')
  if (token !== undefined && !canBeHeader('x-eventbridge-signature-token', token)) {
    throw new Error('Token: must be what a header can hold')
  }
  return {
    async deliver(eventText) {
      const body = text('Body', eventText)
      // the time of the receiver, who compares it, and not of a clock that a test turns
      const signature = signer && (await signRequest(signer, { url: endpoint, body, token }, Date.now()))
      const headers = { 'content-type': 'application/json; charset=utf-8', ...signature }
      const { status } = await post(url, body, { headers, timeoutMs: TIMEOUT_MS, lookup, agents, signal })
      return status < 300 ? { answer: `HTTP ${status}` } : { error: `HTTP ${status}` }
    },
  }
}

import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isObject, parseJson } from '../../shared/json'
import type { TargetParam } from '../transform/compileTransform'
import { ANY_FORM, compileParams } from './params'
import { guardHost, send } from './post'
import type { ApiDestination, Connections, Target } from './target'

/** The service's own is not documented. */
const TIMEOUT_MS = 15_000
const ENDPOINT = /^acs:api-destination:[^:]*:[^:]*:name\/([A-Za-z0-9_-]{2,127})$/

/**
 * `acs.api.destination`: an address, a method and a connection's authentication, by name, as
 * `acs:api-destination:<region>:<account>:name/<name>`. HeaderParameters and QueryStringParameters are JSON objects of texts,
 * BodyParameters is the body as it is. Nothing of an event gets into the path: the service's documents have no parameter for
 * it. A status of 300 or more is a failure, a redirect too.
 * https://help.aliyun.com/en/eventbridge/user-guide/manage-api-destinations
 *
 * @throws Error that names the parameter and what to write
 */
export function compileApiDestinationTarget(
  endpoint: string,
  params: readonly TargetParam[],
  { apiDestinations, allowedHosts, signal }: Connections,
): Pick<Target, 'deliver'> {
  const name = ENDPOINT.exec(endpoint)?.[1]
  if (name === undefined) throw new Error('Endpoint: must be acs:api-destination:<region>:<account>:name/<name>')
  const { text } = compileParams('acs.api.destination', params, {
    Name: { required: true, inEndpoint: name },
    HeaderParameters: { forms: ANY_FORM },
    BodyParameters: { forms: ANY_FORM },
    QueryStringParameters: { forms: ANY_FORM },
  })
  const destination = apiDestinations?.get(name)
  if (destination === undefined) throw new Error(`Name: ${name} is none of the ApiDestinations of eventbridge.yaml`)
  const lookup = guardHost(destination.endpoint, allowedHosts)
  return {
    async deliver(eventText) {
      const given = headersOf(textsOf('HeaderParameters', text('HeaderParameters', eventText)))
      const query = textsOf('QueryStringParameters', text('QueryStringParameters', eventText))
      const url = withQuery(destination, query)
      const headers = { 'content-type': 'application/json; charset=utf-8', ...given, ...destination.headers }
      const body = text('BodyParameters', eventText)
      const { status } = await send(destination.method, url, body, { headers, timeoutMs: TIMEOUT_MS, lookup, signal })
      return status < 300 ? { answer: `HTTP ${status}` } : { error: `HTTP ${status}` }
    },
  }
}

/** Where a request ends and whom it is for: what an event has in it must not say so. */
const OF_THE_REQUEST = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade']

/** By lower-case name. @throws Error for what no header can be; Node's own would quote a name */
function headersOf(texts: Record<string, string>): Record<string, string> {
  const headers = Object.entries(texts).map(([name, value]) => [name.toLowerCase(), value] as const)
  const own = headers.find(([name]) => OF_THE_REQUEST.includes(name))
  if (own !== undefined) throw new Error(`HeaderParameters: ${own[0]} is the request's own`)
  try {
    for (const [name, value] of headers) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch {
    throw new Error('HeaderParameters: a name or a value is none that a header can have, for this event')
  }
  return Object.fromEntries(headers)
}

/** @throws Error for what is no JSON object of texts and numbers; a template is often none for some events */
function textsOf(key: string, json: string): Record<string, string> {
  if (json === '') return {}
  const value = parseJson(json)
  if (!isObject(value)) throw new Error(`${key}: is no JSON object for this event`)
  const entries = Object.entries(value)
  if (entries.some(([, text]) => typeof text === 'object')) throw new Error(`${key}: a value is no text for this event`)
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]))
}

function withQuery({ endpoint }: ApiDestination, query: Record<string, string>): URL {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

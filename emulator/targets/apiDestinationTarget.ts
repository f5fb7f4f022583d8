import { isObject, parseJson } from '../../shared/json'
import type { TargetParam } from '../transform/compileTransform'
import { authenticate } from './authentication'
import { readHeaders } from './headers'
import { ANY_FORM, compileParams } from './params'
import { guardHost, parseUrl, send } from './post'
import type { ApiDestination, Connections, Target } from './target'

/** The service's own is not documented. */
const TIMEOUT_MS = 15_000
const ENDPOINT = /^acs:api-destination:[^:]*:[^:]*:name\/([A-Za-z0-9_-]{2,127})$/

/** The API destination that a target's Endpoint names; undefined for any other text. */
export function apiDestinationOf(endpoint: string): string | undefined {
  return ENDPOINT.exec(endpoint)?.[1]
}

/**
 * `acs.api.destination`: an address, a method and a connection's authentication, by name, as
 * `acs:api-destination:<region>:<account>:name/<name>`. They are looked up for each delivery, so that what changes of them
 * counts from the next one on. HeaderParameters and QueryStringParameters are JSON objects of texts,
 * BodyParameters is the body as it is. Nothing of an event gets into the path: the service's documents have no parameter for
 * it. A status of 300 or more is a failure, a redirect too.
 * https://help.aliyun.com/en/eventbridge/user-guide/manage-api-destinations
 *
 * @throws Error that names the parameter and what to write
 */
export function compileApiDestinationTarget(
  endpoint: string,
  params: readonly TargetParam[],
  { apiDestination, allowedHosts, tokens, agents, signal }: Connections,
): Pick<Target, 'deliver'> {
  const name = apiDestinationOf(endpoint)
  if (name === undefined) throw new Error('Endpoint: must be acs:api-destination:<region>:<account>:name/<name>')
  if (apiDestination === undefined) throw new Error('Type: this emulator has no API destinations')
  const { text } = compileParams('acs.api.destination', params, {
    Name: { required: true, inEndpoint: name },
    HeaderParameters: { forms: ANY_FORM },
    BodyParameters: { forms: ANY_FORM },
    QueryStringParameters: { forms: ANY_FORM },
  })
  return {
    async deliver(eventText) {
      const destination = apiDestination(name)
      const url = urlOf(destination, textsOf('QueryStringParameters', text('QueryStringParameters', eventText)))
      const lookup = guardHost(url, allowedHosts)
      const texts = Object.entries(textsOf('HeaderParameters', text('HeaderParameters', eventText)))
      const given = readHeaders('HeaderParameters', texts, ', for this event')
      const body = text('BodyParameters', eventText)
      const ask = async (own: Readonly<Record<string, string>>) => {
        const headers = { 'content-type': 'application/json; charset=utf-8', ...given, ...own }
        const options = { headers, timeoutMs: TIMEOUT_MS, lookup, agents, signal }
        return (await send(destination.method, url, body, options)).status
      }
      const { headers, renewed } = await authenticate(destination.auth, tokens)
      let status = await ask(headers)
      if (status === 401 && renewed) status = await ask((await renewed()).headers)
      return status < 300 ? { answer: `HTTP ${status}` } : { error: `HTTP ${status}` }
    },
  }
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

function urlOf({ endpoint }: ApiDestination, query: Record<string, string>): URL {
  const url = parseUrl('HttpApiParameters.Endpoint', endpoint, ['http', 'https'])
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

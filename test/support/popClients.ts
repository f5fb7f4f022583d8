import OpenApi, { Config, OpenApiRequest, Params } from '@alicloud/openapi-client'
import PopCore from '@alicloud/pop-core'
import { RuntimeOptions } from '@alicloud/tea-util'
import { accessKey, type TestEmulator } from './emulator'

/** What a client made of an answer: its body, or the error that it threw. */
export type Call = (
  action: string,
  parameters?: Record<string, unknown>,
  options?: { method?: string },
) => Promise<Record<string, unknown>>

/**
 * The management API by @alicloud/pop-core: RPC's signature, all parameters in the query or, by POST, in the body, lists and
 * objects flattened.
 */
export function popCore({ port }: Pick<TestEmulator, 'port'>, key: object = {}): Call {
  const client = new PopCore({ ...accessKey, endpoint: `http://127.0.0.1:${port}`, apiVersion: '2020-04-01', ...key })
  return (action, parameters = {}, { method = 'POST' } = {}) =>
    client.request(action, flattened(parameters), { method })
}

/** pop-core flattens lists; of an object it would send `[object Object]`, so its users name the members. */
function flattened(parameters: object, prefix = ''): Record<string, unknown> {
  const entries = Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(flattened(value, `${prefix}${name}.`))
      : [[`${prefix}${name}`, value] as const],
  )
  return Object.fromEntries(entries)
}

/** The same by @alicloud/openapi-client: ACS3's signature, lists and objects as JSON texts, here all in the form. */
export function openApiClient(
  { port }: Pick<TestEmulator, 'port'>,
  { apiVersion: version = '2020-04-01', ...key }: Record<string, string> = {},
): Call {
  const client = new OpenApi(new Config({ ...accessKey, endpoint: `127.0.0.1:${port}`, protocol: 'HTTP', ...key }))
  return async (action, parameters = {}, { method = 'POST' } = {}) => {
    const texts = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    )
    const isForm = method === 'POST'
    const { body } = await client.callApi(
      new Params({
        ...{ action, version, protocol: 'HTTP', pathname: '/', method, authType: 'AK', style: 'RPC' },
        ...{ reqBodyType: 'formData', bodyType: 'json' },
      }),
      new OpenApiRequest(isForm ? { body: texts } : { query: texts }),
      new RuntimeOptions({}),
    )
    return body
  }
}

import * as z from 'zod/mini'
import { integerVariable } from '../../config'
import { dropFieldsVariable } from '../../dropFields/variable'
import { eventBridgeVariables } from '../../eventbridge/variables'
import { isLoopbackHost } from '../../isLoopbackHost'

/** The app key and the app secret travel to it: plain HTTP is for this machine only. A path may lead to it. */
function endpointVariable(fallback: string) {
  return z._default(
    z
      .string()
      .check(z.refine(isEndpoint, 'must be an https URL without a query (plain http is for this machine only)')),
    fallback,
  )
}

/**
 * The variables of a function that calls DingTalk's API, for its schema. The international edition has other endpoints,
 * those of dingtalk.io.
 * @param callsPerS where nothing is set; of all functions together they must stay below DingTalk's 20
 */
export function dingtalkVariables(callsPerS: number) {
  return {
    DINGTALK_APP_KEY: z.string().check(z.regex(/^[\w-]{1,128}$/, 'must be the Client ID (AppKey) of the app')),
    DINGTALK_APP_SECRET: z
      .string()
      .check(z.regex(/^[\w-]{1,256}$/, 'must be the Client Secret (AppSecret) of the app')),
    DINGTALK_CORP_ID: z.string().check(z.maxLength(64, 'must have at most 64 characters')),
    DINGTALK_API_ENDPOINT: endpointVariable('https://api.dingtalk.com'),
    DINGTALK_OAPI_ENDPOINT: endpointVariable('https://oapi.dingtalk.com'),
    DINGTALK_CALLS_PER_S: integerVariable(callsPerS, 1, 60),
  }
}

/** Those of a function that reads DingTalk's directory, and publishes what it finds. @param callsPerS see dingtalkVariables */
export function directoryVariables(callsPerS: number) {
  return {
    ...eventBridgeVariables,
    ...dingtalkVariables(callsPerS),
    DROP_FIELDS: dropFieldsVariable,
  }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username, password } = new URL(text)
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
}

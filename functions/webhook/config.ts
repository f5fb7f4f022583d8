import * as z from 'zod/mini'
import { ConfigError, type Environment, integerVariable, parseConfig } from '../../shared/config'
import { publicEndpoint } from '../../shared/eventbridge/client'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { logHashKeyVariable } from '../../shared/logUsers'
import { isAddressRule } from './addressList'
import { foldName } from './fieldNames'
import { isRefererRule } from './refererList'

/**
 * What people would not want on the bus, in traces and in dead letters unless they ask for it: by DingTalk's names of it in
 * connectors, callbacks, SyncHTTP and its directory; fieldNames.ts has their spellings.
 */
const DROPPED_BY_DEFAULT =
  'mobile,stateCode,telephone,tel,email,orgEmail,avatar,avatarUrl,extension,extattr,extFields,remark,tags'

const split = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A list whose every item holds; a variable that is set and names nothing is wrong, never an empty list. */
const list = (holds: (item: string) => boolean, expected: string) =>
  z.pipe(
    z.pipe(z.string(), z.transform(split)),
    z.array(z.string()).check(z.refine((items) => items.length > 0 && items.every(holds), expected)),
  )
const optionalList = (holds: (item: string) => boolean, expected: string) => z._default(list(holds, expected), [])

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

const schema = z.object({
  EVENTBRIDGE_ENDPOINT: z.optional(
    z.string().check(z.refine((text) => /^https?:$/.test(protocolOf(text)), 'must be an http(s) URL')),
  ),
  ALLOW_PLAINTEXT_VPC: z._default(z.enum(['0', '1'], 'must be 0 or 1'), '0'),
  EVENT_BUS_NAME: z.string().check(z.regex(/^[A-Za-z0-9-]{1,127}$/, 'must be 1 to 127 letters, digits or hyphens')),
  EVENT_SOURCE_NAME: z._default(
    z.string().check(z.regex(/^[A-Za-z0-9.-]{1,127}$/, 'must be 1 to 127 letters, digits, dots or hyphens')),
    'my.dingtalk',
  ),
  ALLOWED_METHODS: z._default(
    list((method) => METHODS.includes(method), `must be a list of ${METHODS.join(', ')}`),
    ['POST'],
  ),
  ALLOWED_IPS: optionalList(isAddressRule, 'must be addresses or blocks, such as 203.119.0.0/16,2001:db8::1'),
  ALLOWED_REFERERS: optionalList(isRefererRule, 'must be domains, such as dingtalk.com,*.dingtalk.com'),
  TRUSTED_PROXIES: optionalList(isAddressRule, 'must be addresses or blocks, such as 10.0.0.0/8'),
  CONNECTOR_API_SECRET: z.optional(z.string().check(z.minLength(8, 'must have at least 8 characters'))),
  // several of each, while an old one is replaced by a new one
  WEBHOOK_TOKEN: optionalList((token) => token.length >= 16, 'must have at least 16 characters, and no comma'),
  DINGTALK_TOKEN: optionalList((token) => /^[A-Za-z0-9]{3,32}$/.test(token), 'must be 3 to 32 letters or digits'),
  DINGTALK_AES_KEY: optionalList((key) => /^[A-Za-z0-9]{43}$/.test(key), 'must be 43 letters or digits'),
  DINGTALK_OWNER_KEYS: optionalList(
    (key) => /^[\w-]{1,64}$/.test(key),
    'must be the appKey (Client ID), corpId or suiteKey that DingTalk encrypts for; several by commas',
  ),
  CALLBACK_WINDOW_S: integerVariable(3600, 1, 86_400),
  // below the function's time limit of 10 seconds
  REQUEST_BUDGET_MS: integerVariable(900, 100, 8_000),
  // EventBridge takes 256 KB an event, the request's headers included
  MAX_BODY_BYTES: integerVariable(65_536, 1024, 200_000),
  /** `none` drops nothing: an empty variable is an unset one */
  DROP_FIELDS: z.pipe(
    z._default(
      list((name) => foldName(name) !== '', 'must be a list of field names, or none'),
      split(DROPPED_BY_DEFAULT),
    ),
    z.transform((names: string[]) => (names.join() === 'none' ? [] : names)),
  ),
  LOG_HASH_KEY: logHashKeyVariable,
  FC_ACCOUNT_ID: z.optional(z.string()),
  FC_REGION: z.optional(z.string()),
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.optional(z.string()),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.optional(z.string()),
  ALIBABA_CLOUD_SECURITY_TOKEN: z.optional(z.string()),
})

export type WebhookConfig = z.infer<typeof schema>

/** A token without its key, or a key without an owner, would be a door that never opens. */
const TOGETHER = ['DINGTALK_TOKEN', 'DINGTALK_AES_KEY', 'DINGTALK_OWNER_KEYS']

/**
 * Reads the webhook's variables (README, "Configuration").
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): WebhookConfig {
  return parseConfig(schema, environment, TOGETHER)
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}

/**
 * The origin of EventBridge's openapi. Requests carry the role's STS token, so plain HTTP is only for loopback, or for
 * the VPC endpoint (which the documents list as HTTP only) when ALLOW_PLAINTEXT_VPC=1 says that this is understood.
 * @throws ConfigError
 */
export function eventBridgeEndpoint(config: WebhookConfig): URL {
  if (config.EVENTBRIDGE_ENDPOINT === undefined) {
    if (!config.FC_ACCOUNT_ID || !config.FC_REGION) {
      throw new ConfigError(
        'EVENTBRIDGE_ENDPOINT: is not set, and Function Compute gave no FC_ACCOUNT_ID and FC_REGION',
      )
    }
    return publicEndpoint(config.FC_ACCOUNT_ID, config.FC_REGION)
  }
  const endpoint = new URL(config.EVENTBRIDGE_ENDPOINT)
  if (endpoint.protocol === 'http:' && !isLoopbackHost(endpoint.hostname) && config.ALLOW_PLAINTEXT_VPC !== '1') {
    throw new ConfigError('EVENTBRIDGE_ENDPOINT: must be https, or set ALLOW_PLAINTEXT_VPC=1 for the VPC endpoint')
  }
  return endpoint
}

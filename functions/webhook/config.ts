import * as z from 'zod/mini'
import { type Environment, integerVariable, listVariable, parseConfig, textVariable } from '../../shared/config'
import { dropFieldsVariable } from '../../shared/dropFields/variable'
import { eventBridgeVariables } from '../../shared/eventbridge/variables'
import { logHashKeyVariable } from '../../shared/logUsers'
import { isAddressRule } from './addressList'
import { isRefererRule } from './refererList'

const optionalList = (holds: (item: string) => boolean, expected: string) =>
  z._default(listVariable(holds, expected), [])

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

const schema = z.object({
  ...eventBridgeVariables,
  ALLOWED_METHODS: z._default(
    listVariable((method) => METHODS.includes(method), `must be a list of ${METHODS.join(', ')}`),
    ['POST'],
  ),
  ALLOWED_IPS: optionalList(isAddressRule, 'must be addresses or blocks, such as 203.119.0.0/16,2001:db8::1'),
  ALLOWED_REFERERS: optionalList(isRefererRule, 'must be domains, such as dingtalk.com,*.dingtalk.com'),
  TRUSTED_PROXIES: optionalList(isAddressRule, 'must be addresses or blocks, such as 10.0.0.0/8'),
  CONNECTOR_API_SECRET: z.optional(textVariable((secret) => secret.length >= 8, 'must have at least 8 characters')),
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
  DROP_FIELDS: dropFieldsVariable,
  LOG_HASH_KEY: logHashKeyVariable,
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

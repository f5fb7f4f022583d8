import * as z from 'zod/mini'
import { ConfigError, protocolOf, textVariable } from '../config'
import type { FcContext, FcCredentials } from '../fc/types'
import { isLoopbackHost } from '../isLoopbackHost'
import { publicEndpoint } from './client'
import type { EventSource } from './cloudEvent'

/** One for all that may be anything: schemas are built at each cold start. */
const anyText = z.optional(z.string())

/** The variables of a function that publishes on the bus, for its schema. */
export const eventBridgeVariables = {
  EVENTBRIDGE_ENDPOINT: z.optional(
    textVariable((text) => /^https?:$/.test(protocolOf(text)), 'must be an http(s) URL'),
  ),
  ALLOW_PLAINTEXT_VPC: z._default(z.enum(['0', '1'], 'must be 0 or 1'), '0'),
  EVENT_BUS_NAME: textVariable(
    (text) => /^[A-Za-z0-9-]{1,127}$/.test(text),
    'must be 1 to 127 letters, digits or hyphens',
  ),
  EVENT_SOURCE_NAME: z._default(
    textVariable((text) => /^[A-Za-z0-9.-]{1,127}$/.test(text), 'must be 1 to 127 letters, digits, dots or hyphens'),
    'my.dingtalk',
  ),
  FC_ACCOUNT_ID: anyText,
  FC_REGION: anyText,
  ALIBABA_CLOUD_ACCESS_KEY_ID: anyText,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: anyText,
  ALIBABA_CLOUD_SECURITY_TOKEN: anyText,
}

export type EventBridgeConfig = z.infer<z.ZodMiniObject<typeof eventBridgeVariables>>

/**
 * The origin of EventBridge's openapi. Requests carry the role's STS token, so plain HTTP is only for loopback, or for
 * the VPC endpoint (which the documents list as HTTP only) when ALLOW_PLAINTEXT_VPC=1 says that this is understood.
 * @throws ConfigError
 */
export function eventBridgeEndpoint(config: EventBridgeConfig): URL {
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

/** The source that events of this invocation come from. */
export function eventSourceOf(context: FcContext, config: EventBridgeConfig): EventSource {
  return {
    name: config.EVENT_SOURCE_NAME,
    busName: config.EVENT_BUS_NAME,
    region: context.region ?? config.FC_REGION ?? '',
    accountId: context.accountId ?? config.FC_ACCOUNT_ID ?? '',
  }
}

/** The keys to publish with: those of the function's role, else those of the environment. */
export function credentialsOf(context: FcContext, config: EventBridgeConfig): FcCredentials {
  if (context.credentials?.accessKeyId) return context.credentials
  return {
    accessKeyId: config.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
    accessKeySecret: config.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
    ...(config.ALIBABA_CLOUD_SECURITY_TOKEN && { securityToken: config.ALIBABA_CLOUD_SECURITY_TOKEN }),
  }
}

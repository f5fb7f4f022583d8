import { ConfigError } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import type { WebhookConfig } from './config'

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
    return new URL(`https://${config.FC_ACCOUNT_ID}.eventbridge.${config.FC_REGION}.aliyuncs.com`)
  }
  const endpoint = new URL(config.EVENTBRIDGE_ENDPOINT)
  if (endpoint.protocol === 'http:' && !isLoopbackHost(endpoint.hostname) && config.ALLOW_PLAINTEXT_VPC !== '1') {
    throw new ConfigError('EVENTBRIDGE_ENDPOINT: must be https, or set ALLOW_PLAINTEXT_VPC=1 for the VPC endpoint')
  }
  return endpoint
}

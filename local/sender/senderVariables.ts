import type { Environment } from '../../shared/config'
import { UserError } from '../../shared/userError'
import type { CallbackKeys, ConnectorSecrets } from './requests'

/**
 * The keys of DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS, of lists the first; undefined when none is set.
 * @throws UserError when only some are
 */
export function readCallbackKeys(environment: Environment): CallbackKeys | undefined {
  const token = first(environment, 'DINGTALK_TOKEN')
  const aesKey = first(environment, 'DINGTALK_AES_KEY')
  const ownerKey = first(environment, 'DINGTALK_OWNER_KEYS')
  if (token && aesKey && ownerKey) return { token, aesKey, ownerKey }
  if (!token && !aesKey && !ownerKey) return undefined
  throw new UserError('Set all of DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS, or none.')
}

/** WEBHOOK_TOKEN, of a list the first, and CONNECTOR_API_SECRET, as far as they are set. */
export function readConnectorSecrets(environment: Environment): ConnectorSecrets {
  return {
    token: first(environment, 'WEBHOOK_TOKEN'),
    apiSecret: environment['CONNECTOR_API_SECRET']?.trim() || undefined,
  }
}

/** The corporation that events are about, an invented one without DINGTALK_CORP_ID. */
export function readCorpId(environment: Environment): string {
  return environment['DINGTALK_CORP_ID']?.trim() || 'dingcorp'
}

function first(environment: Environment, name: string): string | undefined {
  const items = (environment[name] ?? '').split(',').map((item) => item.trim())
  return items.find((item) => item !== '')
}

import type { EmployeesConfig } from '../../functions/employees/config'
import type { WebhookConfig } from '../../functions/webhook/config'
import { ConfigError } from '../../shared/config'

/** Whether a connector may send: with native callbacks alone every plain request is refused. */
export function takesPlain({ WEBHOOK_TOKEN, CONNECTOR_API_SECRET, DINGTALK_TOKEN }: WebhookConfig): boolean {
  return WEBHOOK_TOKEN.length > 0 || CONNECTOR_API_SECRET !== undefined || DINGTALK_TOKEN.length === 0
}

export function takesCallbacks({ DINGTALK_TOKEN }: WebhookConfig): boolean {
  return DINGTALK_TOKEN.length > 0
}

/**
 * Native callbacks name their corporation, a connector's events name none, and an employee is one row only under one.
 * @throws ConfigError where both come and none is said for the connector's: a leaver would stay active in one of two rows
 */
export function checkCorporation(webhook: WebhookConfig, { DINGTALK_CORP_ID }: EmployeesConfig): void {
  if (!takesPlain(webhook) || !takesCallbacks(webhook) || DINGTALK_CORP_ID !== '') return
  throw new ConfigError(
    'DINGTALK_CORP_ID: is not set, and of native callbacks and a connector’s events an employee would become two rows',
  )
}

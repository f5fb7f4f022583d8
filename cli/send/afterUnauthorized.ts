import type { Webhook } from './sendMessage'

/**
 * What to do after a 401.
 * @param isLocalStack whether it is the local stack's, which has its variables from here
 */
export function afterUnauthorized({ secrets, keys }: Pick<Webhook, 'secrets' | 'keys'>, isLocalStack: boolean): string {
  const names = keys
    ? 'DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS'
    : 'WEBHOOK_TOKEN or CONNECTOR_API_SECRET'
  if (!isLocalStack) return `Set ${names} in the shell to what this webhook has.`
  const restart = 'The stack reads .env.local when it starts: restart npm start.'
  if (keys || secrets.token || secrets.apiSecret) return restart
  return `Without WEBHOOK_TOKEN the stack takes no plain event once DINGTALK_* are set: send --encrypted, or set it. ${restart}`
}

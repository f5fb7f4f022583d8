/**
 * What DingTalk wants to read when it checks a callback's URL; undefined when the event is no such check.
 * https://open.dingtalk.com/document/development/configure-stream-push
 */
export function handshakeReply(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('EventType' in event)) return undefined
  switch (event.EventType) {
    case 'check_url':
      return 'success'
    case 'check_create_suite_url':
    case 'check_update_suite_url':
      return 'Random' in event && typeof event.Random === 'string' ? event.Random : 'success'
    default:
      return undefined
  }
}

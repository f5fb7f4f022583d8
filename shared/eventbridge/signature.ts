import { createHmac } from 'node:crypto'

/** Headers by lower-case name, as sent or received. */
export type SignedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * The text that EventBridge's openapi signs: the method, three headers, every `x-acs-*` header by name, the resource.
 * The body is not part of it, and neither are `x-eventbridge-*` headers.
 * Source: @alicloud/eventbridge-util `getStringToSign`.
 *
 * @param resource path and query as the SDK joins them: `?k=v&…`, sorted, values not URL-encoded
 */
export function stringToSign(method: string, headers: SignedHeaders, resource: string): string {
  const acsHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${onOneLine(String(headers[name] ?? ''))}\n`)
  const fixed = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', headers['date'] ?? '']
  return `${fixed.join('\n')}\n${acsHeaders.join('')}${resource}`
}

function onOneLine(value: string): string {
  return value.trim().replace(/[\t\n\r\f]/g, ' ')
}

/** base64(HMAC-SHA1(secret, text)), the only method the service knows. */
export function sign(text: string, accessKeySecret: string): string {
  return createHmac('sha1', accessKeySecret).update(text).digest('base64')
}

import type { FcRequest } from '../../shared/fc/mountHttp'

/** What the webhook looks at, free of the platform. Repeated headers and query values come joined with commas. */
export interface WebhookRequest {
  requestId: string
  method: string
  /** as sent, URL-encoded */
  path: string
  /** names as sent */
  headers: Readonly<Record<string, string>>
  query: Readonly<Record<string, string>>
  /** set by the platform, never by a header */
  sourceIp: string
  body: Buffer
  /** value of a header by its lower-case name; FC gives names in canonical case, other fronts in lower case */
  header(name: string): string | undefined
}

export function readRequest({ fc }: FcRequest): WebhookRequest {
  const { event, context, body } = fc
  const lowerCase = new Map<string, string>()
  for (const [name, value] of Object.entries(event.headers)) {
    // as the platform joins those that repeat: of two that differ in case none goes before the other
    const before = lowerCase.get(name.toLowerCase())
    lowerCase.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`)
  }
  return {
    requestId: context.requestId ?? event.requestContext.requestId,
    method: event.requestContext.http.method,
    path: event.rawPath,
    headers: event.headers,
    query: event.queryParameters,
    sourceIp: event.requestContext.http.sourceIp,
    body,
    header: (name) => lowerCase.get(name),
  }
}

import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { FcHttpEvent } from '../shared/fc/types'

/** A Node request, as far as the event is made of it. */
export type HttpRequest = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'headers' | 'rawHeaders'> & {
  socket: { remoteAddress?: string | undefined }
}

export interface EventOrigin {
  accountId: string
  region: string
  requestId: string
  now: Date
}

/**
 * The event that Function Compute's HTTP trigger makes of a request.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/http-trigger-invoking-function
 */
export function toHttpEvent(req: HttpRequest, body: Buffer, origin: EventOrigin): FcHttpEvent {
  const [rawPath = '', ...query] = (req.url ?? '/').split('?')
  const isBase64Encoded = body.length > 0 && !(isTextual(req.headers['content-type']) && isUtf8(body))
  return {
    version: 'v1',
    rawPath,
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    headers: joined(headerPairs(req)),
    queryParameters: joined(new URLSearchParams(query.join('?'))),
    requestContext: {
      accountId: origin.accountId,
      domainName: `local.${origin.region}.fcapp.run`,
      domainPrefix: 'local',
      requestId: origin.requestId,
      time: origin.now.toISOString(),
      timeEpoch: String(origin.now.getTime()),
      http: {
        method: req.method ?? '',
        path: decoded(rawPath),
        protocol: `HTTP/${req.httpVersion}`,
        // The connection's: no header can forge it.
        sourceIp: req.socket.remoteAddress ?? '',
        userAgent: req.headers['user-agent'] ?? '',
      },
    },
  }
}

/** Repeated names become one value, in the order they came. */
function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(values)
}

/** Node's own `headers` drops some repeated ones and spells names in lower case. */
function* headerPairs({ rawHeaders }: HttpRequest): Generator<[string, string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    // Node reads a header's bytes as Latin-1.
    yield [canonical(name), Buffer.from(value, 'latin1').toString()]
  }
}

/** `content-type` → `Content-Type` */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/** Which types count as text is not documented; a JSON body is known to arrive as text. */
function isTextual(contentType = ''): boolean {
  const type = contentType.replace(/;.*/s, '').trim().toLowerCase()
  return /^text\/|^application\/(json|xml|javascript|x-www-form-urlencoded)$|\+(json|xml)$/.test(type)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

import type { FcContext, FcHttpEvent } from '../../shared/fc/types'

export interface RequestParts {
  method?: string
  path?: string
  headers?: Record<string, string>
  query?: Record<string, string>
  sourceIp?: string
  body?: string | Buffer
}

/** The HTTP trigger's event for a request, as Function Compute hands it to a function. */
export function fcHttpEvent(parts: RequestParts): Buffer {
  const { method = 'POST', path = '/webhook/putEvents', sourceIp = '203.119.0.1', body = '' } = parts
  const isBase64Encoded = Buffer.isBuffer(body)
  const event: FcHttpEvent = {
    version: 'v1',
    rawPath: path,
    body: isBase64Encoded ? body.toString('base64') : body,
    isBase64Encoded,
    headers: parts.headers ?? { 'Content-Type': 'application/json' },
    queryParameters: parts.query ?? {},
    requestContext: {
      accountId: '123456789012',
      domainName: 'example.cn-hangzhou.fcapp.run',
      domainPrefix: 'example',
      requestId: '1-64f6cd87-5f3b',
      time: '2026-02-24T07:23:22.320752064+00:00',
      timeEpoch: '1771917802320',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
    },
  }
  return Buffer.from(JSON.stringify(event))
}

export const fcContext: FcContext = {
  requestId: 'request-1',
  region: 'cn-hangzhou',
  accountId: '123456789012',
  credentials: { accessKeyId: 'AK', accessKeySecret: 'planted-secret', securityToken: 'planted-sts' },
}

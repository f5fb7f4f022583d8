/**
 * The contract of Function Compute 3.0's built-in Node.js runtimes, as far as it is documented.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/request-handlers
 */

/** Temporary credentials of the function's role. Never log or serialise them. */
export interface FcCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** What the runtime passes beside the event. Any part may be absent in a local run. */
export interface FcContext {
  requestId?: string
  credentials?: FcCredentials
  function?: { name?: string; handler?: string; memory?: number; timeout?: number }
  region?: string
  accountId?: string
}

/** Any function: bytes in, a JSON-able value, text or bytes out. A rejection is the function's error. */
export type FcHandler = (event: Buffer, context: FcContext) => Promise<unknown>

/** `initialize` and `preStop` of an instance. */
export type FcLifecycleHook = (context: FcContext) => Promise<void>

/**
 * The HTTP trigger's request, version v1. Repeated headers and query parameters come joined with commas,
 * header names in canonical case, binary bodies as base64.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/http-trigger-invoking-function
 */
export interface FcHttpEvent {
  version: 'v1'
  /** URL-encoded path */
  rawPath: string
  body: string
  isBase64Encoded: boolean
  headers: Record<string, string>
  queryParameters: Record<string, string>
  requestContext: {
    accountId: string
    domainName: string
    domainPrefix: string
    requestId: string
    /** ISO 8601, perhaps with nanoseconds; use timeEpoch */
    time: string
    /** milliseconds, as text */
    timeEpoch: string
    http: {
      method: string
      /** decoded path */
      path: string
      protocol: string
      /** set by the platform, so it can be trusted */
      sourceIp: string
      userAgent: string
    }
  }
}

/** The HTTP trigger's answer. Header values are single strings: there is no form for a repeated header. */
export interface FcHttpResponse {
  statusCode: number
  headers: Record<string, string>
  isBase64Encoded: boolean
  body: string
}

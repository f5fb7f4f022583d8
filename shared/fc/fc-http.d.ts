/** The part of @serverless-devs/fc-http 1.0.2 that mountHttp uses; the package ships no types. */
declare module '@serverless-devs/fc-http' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { Readable } from 'node:stream'

  /** Function Compute 2.0's request: the body is the stream. */
  interface Fc2Request extends Readable {
    method: string
    /** URL-encoded */
    path: string
    headers: Record<string, string>
    queries: Record<string, string>
    clientIP: string
  }

  /** Function Compute 2.0's response. `send` gets a Buffer, or the message of an error that fc-http caught. */
  interface Fc2Response {
    setStatusCode(statusCode: number): void
    setHeader(name: string, value: string | string[]): void
    send(body: unknown): void
  }

  interface Options {
    /** called before the listener */
    request(req: IncomingMessage): void
  }

  function fcHttp(
    listener: (req: IncomingMessage, res: ServerResponse) => void,
    options: Options,
  ): (req: Fc2Request, res: Fc2Response, context: object) => Promise<void>
  namespace fcHttp {
    export type { Fc2Request, Fc2Response }
  }
  export = fcHttp
}

/**
 * A request that ends with this status. Below 500 the message is public and goes into the body; from 500 up the body
 * has a fixed text and the message is for the log alone.
 */
export class HttpError extends Error {
  override name = 'HttpError' as const
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  /** which check refused, for the log */
  readonly check: string | undefined
  constructor(
    status: number,
    code: string,
    message: string,
    options: ErrorOptions & { check?: string; headers?: Record<string, string> } = {},
  ) {
    super(message, options)
    this.status = status
    this.code = code
    this.headers = options.headers ?? {}
    this.check = options.check
  }
}

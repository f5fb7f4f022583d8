/**
 * A refused request, of EventBridge's API or of the trace page: the status, and `{"code","message"}` in lower case. As
 * EventBridge refuses, nearly every business error is 409; its codes are those of
 * https://help.aliyun.com/zh/eventbridge/error-codes and of apache/rocketmq-eventbridge.
 */
export class ApiError extends Error {
  override name = 'ApiError' as const
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

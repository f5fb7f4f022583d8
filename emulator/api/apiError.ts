/**
 * A refused request, as EventBridge refuses it: the status, and `{"code","message","requestId"}` in lower case.
 * Nearly every business error is 409; codes are those of https://help.aliyun.com/zh/eventbridge/error-codes and of
 * apache/rocketmq-eventbridge.
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

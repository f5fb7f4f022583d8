import { ApiError } from './apiError'

/**
 * Refuses a request whose Date is too far from now, or missing. Whether EventBridge's gateway does so is not documented,
 * so it is done only when asked for; the code is the one of Alibaba Cloud's API gateway.
 * @param date the header, e.g. `Tue, 24 Nov 2026 02:24:28 GMT`
 * @throws ApiError
 */
export function checkDate(date: string | undefined, now: number, maxClockSkewMs: number): void {
  // an absent or unreadable date is NaN, which no limit holds
  if (Math.abs(Date.parse(date ?? '') - now) <= maxClockSkewMs) return
  const message = `Specified time stamp or date value is expired. The clock here says ${new Date(now).toUTCString()}.`
  throw new ApiError(400, 'InvalidTimeStamp.Expired', message)
}

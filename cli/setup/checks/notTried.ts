import { errorCode } from '../../../shared/errorCode'
import { type Link, unknown, wrong } from '../../../shared/links'

export const ANSWER_WITHIN_MS = 10_000

/** Of what Alibaba Cloud's services answer: what the key, or this machine's clock, is to blame for. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/AccessKeyId.*(NotFound|NotExist)/i, 'AccessKeyID: there is no such key; compare it with the RAM console'],
  [/Inactive|Disabled/i, 'AccessKeyID: this key is disabled; enable it in the RAM console, or take another one'],
  [/Signature(DoesNot|Not)Match|IncompleteSignature/i, 'AccessKeySecret: it is not the one of AccessKeyID'],
  [/TimeStamp|RequestTime/i, 'set this machine’s clock (NTP): signatures made with it are refused'],
]

/** @param code of the error, as the service answered it */
export function refused(name: string, code: string): Link {
  const step = STEPS.find(([pattern]) => pattern.test(code))?.[1]
  return step === undefined ? unknown(name, `could not be tried (${code})`) : wrong(name, `refused (${code})`, step)
}

/** No answer, in time or at all: a machine without a network is no fault of what was answered. */
export function notTried(name: string, error: unknown): Link {
  const cause = error instanceof Error ? error.cause : undefined
  return unknown(name, `could not be tried: no answer from here (${errorCode(cause) ?? nameOf(error)})`)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'no connection'
}

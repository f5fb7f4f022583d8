import { DingtalkError } from '../../../shared/dingtalk/directory/errors'
import { type Kind, kindOf } from '../../../shared/dingtalk/directory/readFailure'

/** What came of a call, or how DingTalk refused it: the doctor goes on with the next. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | DingtalkError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DingtalkError) return error
    throw error
  }
}

export const MEND_KEYS =
  'copy Client ID and Client Secret from the app’s page in the developer console into DINGTALK_APP_KEY and DINGTALK_APP_SECRET in .env, and deploy'
export const MEND_CORPORATION =
  'copy CorpId from the developer console’s first page into DINGTALK_CORP_ID in .env, and deploy'
/** For whom there is no other place to ask from. */
export const MEND_ADDRESS =
  'add that address in the developer console under the app’s security settings (服务器出口 IP), or empty the list: the addresses of functions change, unless they were given a fixed one'
export const GRANT =
  'an administrator opens the link, or the developer console under permissions (权限管理), and grants it; then npm run reconcile'
const WAIT =
  'wait five minutes; if it comes again, lower DINGTALK_CALLS_PER_S, and look who else calls from this address'
const LATER = 'run this again in a minute'

const STEPS: Readonly<Partial<Record<Kind, string>>> = {
  keys: MEND_KEYS,
  permission: GRANT,
  address: MEND_ADDRESS,
  quota: 'each walk asks for the range once, which counts: wait for the next month, or buy more calls',
  throttled: 'other programs call with this app’s key: lower DINGTALK_CALLS_PER_S, or give them an app of their own',
  busy: LATER,
  token: LATER,
}
const NETWORK =
  'check DINGTALK_API_ENDPOINT and DINGTALK_OAPI_ENDPOINT, and the way there: functions need internetAccess: true in s.yaml'

/** What to do about a refusal, whose own words say what it is. */
export function stepFor({ code, reaction }: DingtalkError): string {
  if (code === 'Banned') return WAIT
  if (code === 'TimeIsOver') return LATER
  const kind = kindOf(code)
  const step = kind && STEPS[kind]
  if (step !== undefined) return step
  if (reaction === 'later' || reaction === 'unreadable') return NETWORK
  return 'look the code up in DingTalk’s list of error codes (全局错误码)'
}

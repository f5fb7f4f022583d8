import { checkDingtalk } from '../../functions/reconcile/doctor/checkDingtalk'
import type { Clock } from '../../shared/clock'
import type { Link } from '../../shared/links'
import type { TestDingTalk } from './dingtalk'

/** That of a test's DingTalk. */
export const CORPORATION = 'dinga1b2c3d4e5f60718'

/**
 * Time that passes by what is waited for alone, and that ten times as fast: however slow the machine is, calls that are
 * answered take none of the doctor's.
 */
function waitedFor(): Clock {
  let now = Date.now()
  return {
    now: () => now,
    after(ms, callback) {
      const end = now + ms
      const timer = setTimeout(() => {
        now = Math.max(now, end)
        callback()
      }, ms / 10)
      return () => clearTimeout(timer)
    },
  }
}

/** What reconcile's doctor finds with a DingTalk's own keys, or with others. */
export function examineDingtalk(
  dingtalk: TestDingTalk,
  variables: Record<string, string> = {},
  fromOutside?: string,
): Promise<Link[]> {
  const config = {
    DINGTALK_APP_KEY: dingtalk.appKey,
    DINGTALK_APP_SECRET: dingtalk.appSecret,
    DINGTALK_CORP_ID: CORPORATION,
    DINGTALK_API_ENDPOINT: `${dingtalk.url}/api`,
    DINGTALK_OAPI_ENDPOINT: `${dingtalk.url}/oapi`,
    DINGTALK_CALLS_PER_S: 60,
    ...variables,
  }
  return checkDingtalk(config, { clock: waitedFor(), ...(fromOutside !== undefined && { fromOutside }) })
}

/** The links that are not ok, each by its state and name. */
export const notOk = (links: readonly Link[]) =>
  links.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${state} ${name.replace('DingTalk ', '')}`)

/** What cannot be told where the key is not taken. */
export const REST = [
  ...['corporation', 'range', 'permission qyapi_get_member', 'permission qyapi_get_department_member'],
  ...['permission qyapi_get_department_list', 'permission Contact.Common.Read', 'people'],
].map((name) => `unknown ${name}`)

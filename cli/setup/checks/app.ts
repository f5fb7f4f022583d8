import { isObject } from '../../../shared/json'
import { type Link, ok, unknown, wrong } from '../../../shared/links'
import { ANSWER_WITHIN_MS, notTried } from './notTried'

/** Whether DingTalk has an app of this Client ID and secret. The access token that it gives is thrown away. */
export async function checkApp(
  appKey: string,
  appSecret: string,
  endpoint = 'https://api.dingtalk.com',
): Promise<Link> {
  const name = 'DingTalk app'
  try {
    const response = await fetch(`${endpoint.replace(/\/$/, '')}/v1.0/oauth2/accessToken`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appKey, appSecret }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const body: unknown = await response.json().catch(() => undefined)
    const { accessToken, code = `HTTP ${response.status}` } = isObject(body) ? body : {}
    if (response.ok && typeof accessToken === 'string') return ok(name, `DingTalk knows ${appKey} and its secret`)
    if (code !== 'invalidClientIdOrSecret') return unknown(name, `could not be tried (${String(code)})`)
    const step = 'compare both with 凭证与基础信息 of the app in the developer console'
    return wrong(name, `DingTalk knows no app of this Client ID and secret (${code})`, step)
  } catch (error) {
    return notTried(name, error)
  }
}

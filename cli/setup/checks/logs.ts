import { createHmac } from 'node:crypto'
import type { FcCredentials } from '../../../shared/fc/types'
import { isObject } from '../../../shared/json'
import { type Link, ok, unknown, wrong } from '../../../shared/links'
import { ANSWER_WITHIN_MS, notTried, refused } from './notTried'

interface Logs {
  credentials: FcCredentials
  region: string
  project: string
  logstore: string
}

const MAKE = 'ram/README.md has the command that makes it'

/**
 * Whether the functions' logs have where to go: one call, and one right, tells of the project and its logstore.
 * https://www.alibabacloud.com/help/en/sls/developer-reference/error-codes
 */
export async function checkLogs({ credentials, region, project, logstore }: Logs): Promise<Link> {
  const name = 'logs'
  const url = new URL(`/logstores/${logstore}`, `https://${project}.${region}.log.aliyuncs.com`)
  try {
    const headers = signedHeaders(url.pathname, credentials, new Date())
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    if (response.ok) return ok(name, 'the project is there, and its logstore')
    const body: unknown = await response.json().catch(() => undefined)
    const given = isObject(body) ? body['errorCode'] : undefined
    const code = typeof given === 'string' ? given : `HTTP ${response.status}`
    if (code === 'ProjectNotExist') return wrong(name, `no project of this name is in the region (${code})`, MAKE)
    if (code === 'LogStoreNotExist') return wrong(name, `no logstore of this name is in the project (${code})`, MAKE)
    if (code !== 'Unauthorized') return refused(name, code)
    return unknown(name, `this key may not look (${code})`, 'it takes log:GetLogStore, and a project of this account')
  } catch (error) {
    return notTried(name, error)
  }
}

/**
 * The headers of a GET to Simple Log Service, signed. https://www.alibabacloud.com/help/doc-detail/29012.htm
 * @param resource path and query, whose parameters are in the order of their names
 */
export function signedHeaders(
  resource: string,
  { accessKeyId, accessKeySecret }: FcCredentials,
  time: Date,
): Record<string, string> {
  const date = time.toUTCString()
  const own = { 'x-log-apiversion': '0.6.0', 'x-log-signaturemethod': 'hmac-sha1' }
  const lines = Object.entries(own).map(([name, value]) => `${name}:${value}`)
  // between the method and the date would be the MD5 and the type of a body, which a GET has not
  const text = ['GET', '', '', date, ...lines, resource].join('\n')
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64')
  return { ...own, date, authorization: `LOG ${accessKeyId}:${signature}` }
}

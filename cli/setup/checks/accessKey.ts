import type { FcCredentials } from '../../../shared/fc/types'
import { isObject } from '../../../shared/json'
import { type Link, ok, unknown } from '../../../shared/links'
import { callRpc } from '../../rpc'
import { notTried, refused } from './notTried'

const STS = new URL('https://sts.aliyuncs.com/')

export interface Caller {
  link: Link
  /** undefined unless the key was accepted */
  accountId?: string
}

/** Asks STS whose key this is, for which no right is needed. https://www.alibabacloud.com/help/doc-detail/43767.htm */
export async function askCaller(credentials: FcCredentials): Promise<Caller> {
  const name = 'access key'
  try {
    const { code, body } = await callRpc(STS, { Action: 'GetCallerIdentity', Version: '2015-04-01' }, credentials)
    if (code !== undefined) return { link: refused(name, code) }
    const { AccountId: accountId, IdentityType } = isObject(body) ? body : {}
    if (typeof accountId !== 'string') return { link: unknown(name, 'could not be tried: STS answers otherwise') }
    const isMain = IdentityType === 'Account'
    const next = 'it is the main account’s own key, which may do everything: take a RAM user’s (ram/README.md)'
    return { accountId, link: ok(name, `valid, of the account ${accountId}`, isMain ? next : undefined) }
  } catch (error) {
    return { link: notTried(name, error) }
  }
}

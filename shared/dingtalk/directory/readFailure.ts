import { isIP } from 'node:net'
import { stringifyLossless } from '../../json'
import { DingtalkError, type Reaction } from './errors'

/** What the client itself does first: the token anew, waits, tries again, or calls no more for a while. */
export type Remedy = 'renew' | 'wait' | 'retry' | 'stop' | 'none'

export interface Failure {
  remedy: Remedy
  error: DingtalkError
  /** until when DingTalk throttles this call, in milliseconds since 1970, where it says so */
  until?: number | undefined
}

export interface HttpAnswer {
  status: number
  text: string
}

/**
 * DingTalk's codes by what follows from them, of the old API as numbers, of the new one as the ends of texts.
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
const KINDS: readonly (readonly [kind: Kind, codes: readonly string[]])[] = [
  ['token', ['40000', '40001', '40014', '42001', 'InvalidAuthentication', 'AuthenticationFailed.MissingParameter']],
  ['permission', ['60011', '43007', 'AccessTokenPermissionDenied']],
  ['address', ['60020', 'IpNotInWhiteList']],
  ['quota', ['90020', 'ApiCountLimitForOrg']],
  ['keys', ['40096', '40089', 'invalidClientIdOrSecret', 'invalid.client', 'unauthorized.client']],
  ['throttled', ['90018', '90002', '90006', 'QpsLimitForAppkeyAndApi', 'QpsLimitForApi']],
  ['busy', ['-1', '400001', 'unknownError', 'ServiceUnavailable', 'InternalError']],
  ['gone', ['60121', '33012', '60003']],
  ['outOfScope', ['50002', '50004']],
]

export type Kind = 'token' | 'permission' | 'address' | 'quota' | 'keys' | 'throttled' | 'busy' | 'gone' | 'outOfScope'

const OUTCOMES: Readonly<Record<Kind | 'banned' | 'refused', readonly [Remedy, Reaction]>> = {
  token: ['renew', 'later'],
  permission: ['none', 'denied'],
  address: ['none', 'denied'],
  quota: ['none', 'denied'],
  keys: ['none', 'denied'],
  throttled: ['wait', 'later'],
  busy: ['retry', 'later'],
  banned: ['stop', 'later'],
  gone: ['none', 'gone'],
  outOfScope: ['none', 'outOfScope'],
  refused: ['none', 'refused'],
}

/**
 * What an answer says went wrong; undefined when nothing did. Example, of a permission that the app lacks:
 * `{"errcode":88,"sub_code":"60011","sub_msg":"应用尚未开通所需的权限：[qyapi_get_member]，点击链接申请并开通即可：https://…","errmsg":"ding talk error[subcode=60011,…]"}`
 * @param what the call, without its query, which holds the token
 * @param fields of the answer; undefined when it is no JSON object
 */
export function readFailure(
  what: string,
  { status, text }: HttpAnswer,
  fields: Readonly<Record<string, unknown>> | undefined,
): Failure | undefined {
  if (isBan(text, status)) return failureOf('banned', 'Banned', what, '')
  if (fields === undefined) {
    const code = status >= 400 ? `Http${status}` : 'NotJson'
    const reaction = status >= 400 ? 'later' : 'unreadable'
    return {
      remedy: 'retry',
      error: new DingtalkError(reaction, code, `DingTalk's answer to ${what} cannot be read (${code})`),
    }
  }
  const code = codeOf(fields, status)
  if (code === undefined) return undefined
  const known = kindOf(code)
  const other = status === 429 ? 'throttled' : status >= 500 ? 'busy' : 'refused'
  return failureOf(known ?? other, code, what, wordsOf(fields))
}

/** What one of DingTalk's codes is about; undefined for one that is not known, and for the codes of connections. */
export function kindOf(code: string): Kind | undefined {
  const last = code.slice(code.lastIndexOf('.') + 1)
  return KINDS.find(([, codes]) => codes.includes(code) || codes.includes(last))?.[0]
}

/**
 * Who makes 10,000 calls in 20 seconds from an address gets a page, or `{"status":1111,"punish":"deny"}`, for five minutes.
 * The page of a gateway that is down says so by its status.
 */
function isBan(text: string, status: number): boolean {
  return /"punish"\s*:|"status"\s*:\s*"?1111\b/.test(text) || (status < 500 && /^\s*</.test(text))
}

/** The code of an error; undefined for a success. */
function codeOf(fields: Readonly<Record<string, unknown>>, status: number): string | undefined {
  const { errcode, sub_code, code } = fields
  const own = wordOf(errcode ?? 0)
  // errors of the gateway have their own code in this one, as text
  if (own === '88') return wordOf(sub_code ?? /subcode=(-?\d+)/.exec(wordsOf(fields))?.[1] ?? own)
  if (own !== '0') return own
  return status < 400 ? undefined : wordOf(code ?? `Http${status}`)
}

/** What a code may look like; anything else may be anything. */
function wordOf(code: unknown): string {
  // which its own `toString` could keep from becoming text
  const text = typeof code === 'object' ? '' : String(code)
  return /^[\w.-]{1,100}$/.test(text) ? text : 'UnknownCode'
}

function wordsOf({ sub_msg, errmsg, message, accessdenieddetail }: Readonly<Record<string, unknown>>): string {
  const texts = [sub_msg, errmsg, message].filter((text) => typeof text === 'string')
  return [...texts, stringifyLossless(accessdenieddetail ?? {})].join(' ')
}

function failureOf(kind: keyof typeof OUTCOMES, code: string, what: string, words: string): Failure {
  const [remedy, reaction] = OUTCOMES[kind]
  const error = new DingtalkError(reaction, code, MESSAGES[kind](`${what} (${code})`, words))
  return { remedy, error, until: endOfLimit(words) }
}

const MESSAGES: Readonly<Record<keyof typeof OUTCOMES, (what: string, words: string) => string>> = {
  token: (what) => `DingTalk does not accept the token it gave, at ${what}`,
  permission: (what, words) =>
    `DingTalk refuses ${what}: the app lacks ${namesOf(words) ?? 'a permission'}. An administrator grants it ${
      linkOf(words) ?? 'in the developer console, under permissions'
    }`,
  address: (what, words) =>
    `DingTalk refuses ${what}: ${addressOf(words) ?? 'the address that these calls leave from'} is not among the app's server exit addresses. Add it in the developer console, or empty the list`,
  quota: (what) => `DingTalk refuses ${what}: the month's quota of API calls is used up`,
  keys: (what) => `DingTalk does not accept DINGTALK_APP_KEY and DINGTALK_APP_SECRET, at ${what}`,
  throttled: (what) => `DingTalk throttles ${what}`,
  busy: (what) => `DingTalk is too busy for ${what}`,
  banned: (what) => `DingTalk answers no calls from this address for some minutes, at ${what}`,
  gone: (what) => `DingTalk knows nobody, or no department, by the id, at ${what}`,
  outOfScope: (what) => `the app's range of the address book does not reach that far, at ${what}`,
  refused: (what) => `DingTalk refuses ${what}`,
}

/** `[qyapi_get_member]`, or `requiredScopes=[Contact.User.Read]`. Nothing but such names goes into a message. */
function namesOf(words: string): string | undefined {
  const list = /\[\s*("?[A-Za-z][\w.-]{2,80}"?(?:\s*,\s*"?[A-Za-z][\w.-]{2,80}"?)*)\s*\]/.exec(words)?.[1]
  return list?.replaceAll('"', '')
}

/** DingTalk's own page that grants it, which names the app by its key, as its URL does in the console. */
function linkOf(words: string): string | undefined {
  const link = /https:\/\/[a-z0-9.-]+\.dingtalk\.(?:com|io)\/[\w./?=%&#-]{1,300}/.exec(words)?.[0]
  return link && `here: ${link}`
}

function addressOf(words: string): string | undefined {
  const address = /request ip\s*=\s*([0-9A-Fa-f.:]+)/.exec(words)?.[1]
  return address !== undefined && isIP(address) !== 0 ? address : undefined
}

/** `限制将在 2026-09-03 00:01:03 结束`, in Beijing's time; else the last time that the text names. */
function endOfLimit(words: string): number | undefined {
  const times = [...words.matchAll(/(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/g)]
  const last = times.at(-1)
  const at = last === undefined ? Number.NaN : Date.parse(`${last[1]}T${last[2]}+08:00`)
  return Number.isNaN(at) ? undefined : at
}

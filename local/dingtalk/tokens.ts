import { randomBytes } from 'node:crypto'
import { requestId } from './callError'
import { type Arguments, textOf } from './calls/arguments'

const LIFE_S = 7_200

/** What proves the app. */
export interface AppKeys {
  appKey: string
  appSecret: string
  corpId: string
}

interface TokenAnswer {
  status: number
  body: Record<string, unknown>
}

export interface Tokens {
  /**
   * Answers the calls that give a token: that of now, and the unified one of 2025, on api; the old one on oapi. One token
   * is good for both hosts.
   * @param path with its host: `api/v1.0/oauth2/accessToken`
   * @returns undefined when the path is none of theirs
   */
  answer(path: string, args: Arguments): TokenAnswer | undefined
  isValid(token: string): boolean
  /** Makes the token stale, as a new app secret does. */
  revoke(): void
}

/** Paths of calls that give a token, with their host. */
export function isTokenPath(path: string): boolean {
  return path === 'oapi/gettoken' || /^api\/v1\.0\/oauth2\/(accessToken|[^/]+\/token)$/.test(path)
}

/** @param now of passedOn: a token lasts so long, whatever the clock is set to */
export function createTokens({ appKey, appSecret, corpId }: AppKeys, now: () => number): Tokens {
  let current: { token: string; until: number } | undefined

  /** Within its life a repeated call gets the same one, for as long again. */
  function get(): string {
    const token = current && now() < current.until ? current.token : randomBytes(16).toString('hex')
    current = { token, until: now() + LIFE_S * 1_000 }
    return token
  }

  return {
    answer(path, args) {
      if (!isTokenPath(path)) return undefined
      if (path === 'oapi/gettoken') return oldAnswer(args)
      return path === 'api/v1.0/oauth2/accessToken' ? newAnswer(args) : unifiedAnswer(path, args)
    },
    isValid: (token) => current !== undefined && now() < current.until && token === current.token,
    revoke() {
      current = undefined
    },
  }

  function newAnswer(args: Arguments): TokenAnswer {
    const [key, secret] = [textOf(args, 'appKey'), textOf(args, 'appSecret')]
    if (!key || !secret) return refuse(400, 'MissingappKey', 'appKey和appSecret不能为空')
    if (key !== appKey || secret !== appSecret) {
      return refuse(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    }
    return { status: 200, body: { expireIn: LIFE_S, accessToken: get() } }
  }

  function unifiedAnswer(path: string, args: Arguments): TokenAnswer {
    const [, , , corp] = path.split('/')
    if (textOf(args, 'grant_type') !== 'client_credentials') {
      return refuse(400, 'unsupported.grant.type', 'unsupported grant type')
    }
    if (corp !== corpId) return refuse(500, 'unknownError', 'Unknown Error')
    if (textOf(args, 'client_id') !== appKey || textOf(args, 'client_secret') !== appSecret) {
      return refuse(400, 'invalid.client', 'invalid client')
    }
    return { status: 200, body: { access_token: get(), expires_in: LIFE_S } }
  }

  function oldAnswer(args: Arguments): TokenAnswer {
    const [key, secret] = [textOf(args, 'appkey'), textOf(args, 'appsecret')]
    if (!key || !secret) return { status: 200, body: { errcode: 40_035, errmsg: '缺少参数 corpid or appkey' } }
    if (key !== appKey || secret !== appSecret) {
      return { status: 200, body: { errcode: 40_096, errmsg: '不合法的appKey或appSecret' } }
    }
    return { status: 200, body: { errcode: 0, access_token: get(), errmsg: 'ok', expires_in: LIFE_S } }
  }
}

function refuse(status: number, code: string, message: string): TokenAnswer {
  return { status, body: { requestid: requestId().toUpperCase(), code, message } }
}

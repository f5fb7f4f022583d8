import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../shared/clock'
import { isObject, jsonFields, parseExact, stringifyLossless } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import {
  CallError,
  type Family,
  type GatewayError,
  gatewayAnswer,
  noPermission,
  noToken,
  requestId,
  staleToken,
  tooManyOfApp,
} from './callError'
import type { Arguments } from './calls/arguments'
import { textOf } from './calls/arguments'
import type { Call } from './calls/calls'
import type { Directory } from './directory'
import { answerBroken, type DingTalkFaults, suffer } from './faults'
import type { LimitRule, Limits } from './limits'
import { OPEN_PATH, type Stream } from './stream'
import { isTokenPath, type Tokens } from './tokens'

/** DingTalk's two hosts. */
export type Host = 'api' | 'oapi'

export interface GatewayOptions {
  calls: ReadonlyMap<string, Call>
  directory: Directory
  appKey: string
  tokens: Tokens
  stream: Stream
  limits: Limits
  rule(): LimitRule
  faults(): DingTalkFaults
  random(): number
  clock: Clock
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

const MAX_BODY_BYTES = 1024 ** 2

/**
 * DingTalk's gateway: who is banned is answered by its gate; then come faults on demand, the token, the permission and the
 * limit; then the call itself.
 * @param path the request's, without the leading slash
 */
export type Gateway = (host: Host, path: string, req: IncomingMessage, res: ServerResponse) => Promise<void>

export function createGateway(options: GatewayOptions): Gateway {
  const { calls, appKey, limits, tokens, stream, clock } = options

  return async function answerCall(host, path, req, res) {
    const body = await readBody(req, MAX_BODY_BYTES).catch(() => 'gone' as const)
    if (body === 'gone') return
    const query = Object.fromEntries(new URL(req.url ?? '/', 'http://localhost').searchParams)
    const args: Arguments = { ...query, ...readArguments(body?.toString('utf8') ?? '') }
    const place = `${host}/${path}`
    const call = calls.get(place)
    const family = call?.family ?? familyOf(host, path)
    const isOpen = place === OPEN_PATH
    if (call === undefined && !isOpen && !isTokenPath(place)) return send(res, host, unknownPath(family, path))
    const answer = async () => (isOpen ? stream.open(args) : (tokens.answer(place, args) ?? run(call, args, req)))

    const verdict = limits.take(place, clock.now())
    if (verdict.is === 'banned') return answerBroken('html', req, res, '')
    const apiPath = apiPathOf(path)
    const { perSecond } = options.rule()
    const happened = await suffer(
      options.faults(),
      { apiPath, appKey, perSecond, hasToken: call !== undefined, isCounted: call?.isCounted === true },
      options,
    )
    if (happened !== undefined && 'broken' in happened) {
      return answerBroken(happened.broken, req, res, textOfAnswer(host, await answer()))
    }
    if (happened !== undefined) {
      return send(res, host, 'busy' in happened ? busy(family) : gatewayAnswer(family, happened.gateway))
    }
    if (verdict.is === 'too many') {
      return send(res, host, gatewayAnswer(family, tooManyOfApp(apiPath, perSecond, verdict.second)))
    }
    return send(res, host, await answer())
  }

  function run(call: Call | undefined, args: Arguments, req: IncomingMessage): Answer {
    if (call === undefined || (call.family === 'api' && req.method !== call.method)) return unknownPath('api', '')
    const error = refusal(call, args, req)
    if (error !== undefined) return gatewayAnswer(call.family, error)
    return runCall(call, args, options.directory)
  }

  function refusal(call: Call, args: Arguments, req: IncomingMessage): GatewayError | undefined {
    // the other host's way is ignored
    const header = req.headers['x-acs-dingtalk-access-token']
    const token = call.family === 'api' ? String(header ?? '') : (textOf(args, 'access_token') ?? '')
    if (token === '') return noToken
    if (!tokens.isValid(token)) return staleToken
    if (options.directory.access.refused.includes(call.permission)) return noPermission(call.permission, appKey)
    return undefined
  }
}

/** What a call answers, when nothing keeps it from that. */
export function runCall({ family, run }: Call, args: Arguments, directory: Directory): Answer {
  const envelope = family === 'topapi' ? { request_id: requestId() } : {}
  try {
    const fields = run(args, directory)
    if (family !== 'api') return { status: 200, body: { errcode: 0, errmsg: 'ok', ...fields, ...envelope } }
    if (fields !== undefined) return { status: 200, body: fields }
    return {
      status: 400,
      body: { code: 'invalidParameter.param.invalid', requestid: requestId(), message: '参数无效' },
    }
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return { status: 200, body: { errcode: error.errcode, errmsg: error.message, ...envelope } }
  }
}

/** JSON, or a form. What is neither has no arguments. */
function readArguments(text: string): Arguments {
  if (!text.trimStart().startsWith('{')) return Object.fromEntries(new URLSearchParams(text))
  try {
    const value = parseExact(text)
    return isObject(value) ? value : {}
  } catch {
    return jsonFields(text)
  }
}

function familyOf(host: Host, path: string): Family {
  return host === 'api' ? 'api' : path.startsWith('topapi/') ? 'topapi' : 'old'
}

/** As the gateway calls `topapi/v2/user/get` in its errors. */
function apiPathOf(path: string): string {
  return path.startsWith('topapi/') ? `dingtalk.oapi.${path.slice('topapi/'.length).replaceAll('/', '.')}` : `/${path}`
}

function unknownPath(family: Family, path: string): Answer {
  if (family !== 'topapi') return { status: 200, body: { errcode: 404, errmsg: '请求的URI地址不存在' } }
  const name = apiPathOf(path)
  const texts = { sub_msg: `不合法ApiName，ApiName = ${name}`, errmsg: `Invalid method[${name}]` }
  return { status: 200, body: { errcode: 22, ...texts, request_id: requestId() } }
}

function busy(family: Family): Answer {
  if (family === 'api')
    return { status: 500, body: { code: 'unknownError', requestid: requestId(), message: '系统繁忙' } }
  const envelope = family === 'topapi' ? { request_id: requestId() } : {}
  return { status: 200, body: { errcode: -1, errmsg: '系统繁忙', ...envelope } }
}

/** Its JSON text; oapi.dingtalk.com escapes the slashes. */
export function textOfAnswer(host: Host, { body }: Pick<Answer, 'body'>): string {
  const text = stringifyLossless(body)
  return host === 'oapi' ? text.replaceAll('/', '\\/') : text
}

function send(res: ServerResponse, host: Host, answer: Answer): void {
  const bytes = Buffer.from(textOfAnswer(host, answer))
  res.writeHead(answer.status, { 'content-type': 'application/json;charset=UTF-8', 'content-length': bytes.length })
  res.end(bytes)
}

import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../shared/clock'
import type { Environment } from '../../shared/config'
import { isObject, parseJson } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import { sameText } from '../../shared/sameText'
import { sendJson } from '../../shared/sendJson'

/** What the double of a group robot knows itself by. It is on this machine alone, and no secret. */
const [TOKEN, SECRET] = ['local', 'SEClocal-is-not-a-secret']

/** As eventbridge.yaml names the robot of a group. @param origin of the stack */
export function robotVariables(origin: string): Record<'DINGTALK_ROBOT_URL' | 'DINGTALK_ROBOT_SECRET', string> {
  return { DINGTALK_ROBOT_URL: `${origin}/dingtalk/robot/send?access_token=${TOKEN}`, DINGTALK_ROBOT_SECRET: SECRET }
}

/** The double, where no robot is named: half of one that is would be signed by the other's secret. */
export function robotStandIns(origin: string, named: Environment): Readonly<Record<string, string>> {
  const double = robotVariables(origin)
  return Object.keys(double).some((name) => named[name]) ? {} : double
}

export interface Robot {
  /**
   * Takes a message, or says why not.
   * @param type the Content-Type
   */
  take(query: URLSearchParams, type: string, text: string): Answer
  /** Answers `/dingtalk/robot/*`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

interface Answer {
  errcode: number
  errmsg: string
}

const OK: Answer = { errcode: 0, errmsg: 'ok' }
const MAX_BODY_BYTES = 1024 ** 2
const KEPT = 100
const HOUR_MS = 3_600_000
/** https://open.dingtalk.com/document/robots/custom-robot-access: 20 a minute, above it nothing for 10 minutes */
const [LIMIT, WITHIN_MS, BLOCKED_MS] = [20, 60_000, 600_000]

/** What each type of message cannot do without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  text: ['content'],
  markdown: ['title', 'text'],
  link: ['title', 'text', 'messageUrl'],
  actionCard: ['title', 'text'],
  feedCard: ['links'],
}

/**
 * A double of the robot that a group of DingTalk has, whose security setting is 加签. Its numbers are those of DingTalk's list
 * (`40035`, `43004`, `400105`, `410100`) and, where people have seen others, those: `300005 token is not exist`, `310000` with
 * the text of 2024 (https://github.com/qd-today/qd/issues/510). Not documented, and decided here: the minute slides, what is
 * refused counts for nothing, and the order of the checks.
 */
export function createRobot({ now }: Pick<Clock, 'now'>): Robot {
  let taken: number[] = []
  let blockedUntil = 0
  let count = 0
  /** the newest of all, as many as are kept */
  const messages: { number: number; at: number; message: Record<string, unknown> }[] = []
  const seen = new Set<string>()

  function take(query: URLSearchParams, type: string, text: string): Answer {
    if (query.get('access_token') !== TOKEN) return { errcode: 300_005, errmsg: 'token is not exist' }
    if (!/^application\/json\b/i.test(type)) return { errcode: 43_004, errmsg: '无效的HTTP HEADER Content-Type' }
    const unsigned = refuseSignature(query, now())
    if (unsigned !== undefined) return { errcode: 310_000, errmsg: unsigned }
    const message = parseJson(text)
    const wrong = isObject(message) ? refuseMessage(message) : { errcode: 40_035, errmsg: '缺少参数 json' }
    if (!isObject(message) || wrong !== undefined) return wrong ?? OK
    if (isTooFast()) return { errcode: 410_100, errmsg: '发送速度太快而限流' }
    taken.push(now())
    say(message)
    return OK
  }

  function isTooFast(): boolean {
    if (now() < blockedUntil) return true
    taken = taken.filter((at) => at > now() - WITHIN_MS)
    if (taken.length >= LIMIT) blockedUntil = now() + BLOCKED_MS
    return now() < blockedUntil
  }

  /** A message that comes again, by its msgUuid, is answered as before, and said once. */
  function say(message: Record<string, unknown>): void {
    const id = message['msgUuid']
    if (typeof id === 'string' && id !== '') {
      if (seen.has(id)) return
      seen.add(id)
    }
    messages.push({ number: ++count, at: now(), message })
    if (messages.length > KEPT) messages.shift()
  }

  return {
    take,
    async handle(req, res) {
      const { pathname, searchParams } = new URL(req.url ?? '/', 'http://robot')
      if (pathname === '/dingtalk/robot/messages' && req.method === 'GET') {
        const told = { messages, ...(now() < blockedUntil && { blockedUntil }) }
        return sendJson(res, 200, told, { 'cache-control': 'no-store' })
      }
      if (pathname !== '/dingtalk/robot/send' || req.method !== 'POST') {
        const message = 'The robot takes POST /dingtalk/robot/send, and GET /dingtalk/robot/messages says what came.'
        return sendJson(res, 404, { code: 'NotFound', message })
      }
      const body = await readBody(req, MAX_BODY_BYTES).catch(() => 'gone' as const)
      if (body === 'gone') return
      sendJson(res, 200, take(searchParams, req.headers['content-type'] ?? '', body?.toString('utf8') ?? ''))
    },
  }
}

/** https://open.dingtalk.com/document/robots/customize-robot-security-settings */
function refuseSignature(query: URLSearchParams, now: number): string | undefined {
  const timestamp = query.get('timestamp') ?? ''
  const wanted = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64')
  if (!sameText(query.get('sign') ?? '', wanted)) {
    return 'description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密钥加密和填写正确;'
  }
  return Math.abs(now - Number(timestamp)) > HOUR_MS ? 'invalid timestamp' : undefined
}

function refuseMessage(message: Record<string, unknown>): Answer | undefined {
  const { msgtype } = message
  const needed = typeof msgtype === 'string' && Object.hasOwn(NEEDED, msgtype) ? NEEDED[msgtype] : undefined
  if (needed === undefined) return { errcode: 400_105, errmsg: '不支持的消息类型' }
  const fields = message[String(msgtype)]
  const lacking = needed.find((name) => !isObject(fields) || !fields[name])
  return lacking === undefined ? undefined : { errcode: 40_035, errmsg: `缺少参数 ${lacking}` }
}

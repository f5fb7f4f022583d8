import { randomInt } from 'node:crypto'
import { chinaTime } from '../../shared/chinaTime'

/** What is wrong with a call itself, in DingTalk's own number and words. */
export class CallError extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

export const badArgument = () => new CallError(400_002, '参数错误')
export const missing = (name: string) => new CallError(40_035, `缺少参数 ${name}`)
export const noSuchDepartment = () => new CallError(60_003, '部门不存在')
export const noSuchUser = () => new CallError(60_121, '找不到该用户')
export const departmentOutOfRange = () => new CallError(50_004, '请求的部门id不在授权范围内')
export const userOutOfRange = () => new CallError(50_002, '请求的员工userid不在授权范围内')

/** What the gateway answers before a call is looked at. */
export interface GatewayError {
  /** topapi's number, a text in its answer */
  subCode: string
  subMessage: string
  /** the same of api.dingtalk.com */
  status: number
  code: string
  requiredScopes?: readonly string[]
}

/** How a family of calls tells of errors. */
export type Family = 'topapi' | 'old' | 'api'

/** An error of the gateway: topapi hides its number in a text, the older calls of the same host do not. */
export function gatewayAnswer(family: Family, error: GatewayError): { status: number; body: Record<string, unknown> } {
  const { subCode, subMessage, status, code, requiredScopes } = error
  switch (family) {
    case 'topapi': {
      const errmsg = `ding talk error[subcode=${subCode},submsg=${subMessage}]`
      return {
        status: 200,
        body: { errcode: 88, sub_code: subCode, sub_msg: subMessage, errmsg, request_id: requestId() },
      }
    }
    case 'old':
      return { status: 200, body: { errcode: Number(subCode), errmsg: subMessage } }
    case 'api': {
      const detail = requiredScopes && { accessdenieddetail: { requiredScopes } }
      return { status, body: { code, requestid: requestId().toUpperCase(), message: subMessage, ...detail } }
    }
  }
}

/** As DingTalk's: 12 characters of base 36. */
export function requestId(): string {
  return Array.from({ length: 12 }, () => randomInt(36).toString(36)).join('')
}

const FORBIDDEN = 'Forbidden.AccessDenied'

export const staleToken: GatewayError = {
  subCode: '40014',
  subMessage: '不合法的access_token',
  status: 400,
  code: 'InvalidAuthentication',
}

export const noToken: GatewayError = {
  subCode: '40000',
  subMessage: 'access_token is blank',
  status: 400,
  code: 'AuthenticationFailed.MissingParameter',
}

export const monthQuota: GatewayError = {
  subCode: '90020',
  subMessage: '当前企业本月调用次数已达上限',
  status: 403,
  code: `${FORBIDDEN}.ApiCountLimitForOrg`,
}

export function noPermission(permission: string, appKey: string): GatewayError {
  const link = `https://open-dev.dingtalk.com/appscope/apply?content=${appKey}%23${permission}`
  return {
    subCode: '60011',
    subMessage: `应用尚未开通所需的权限：[${permission}]，点击链接申请并开通即可：${link}{requiredScopes=[${permission}]}`,
    status: 403,
    code: `${FORBIDDEN}.AccessTokenPermissionDenied`,
    requiredScopes: [permission],
  }
}

export function addressRefused(appKey: string): GatewayError {
  return {
    subCode: '60020',
    subMessage: `访问ip不在白名单之中,request ip=203.0.113.7 appKey(${appKey})`,
    status: 403,
    code: `${FORBIDDEN}.IpNotInWhiteList`,
  }
}

/** @param second whose calls were too many, in milliseconds since 1970 */
export function tooManyOfApp(apiPath: string, limit: number, second: number): GatewayError {
  return {
    subCode: '90018',
    subMessage: `当前应用调用该接口次数过多, ${span(apiPath, limit, second, second + 1_000)}`,
    status: 403,
    code: `${FORBIDDEN}.QpsLimitForAppkeyAndApi`,
  }
}

export function tooManyOfAll(apiPath: string, second: number): GatewayError {
  return {
    subCode: '90002',
    subMessage: `当前所有钉钉应用调用该接口次数过多, 建议错开整点时刻调用该接口, ${span(apiPath, 1_200, second, second + 1_000)}`,
    status: 403,
    code: `${FORBIDDEN}.QpsLimitForApi`,
  }
}

function span(apiPath: string, limit: number, from: number, to: number): string {
  const [start, end] = [from, to].map((ms) => chinaTime(ms).slice(0, 19).replace('T', ' '))
  return `apiPath(${apiPath}), 从 ${start} 到 ${end} 请求总次数超过 ${limit} 次, 限制将在 ${end} 结束.`
}

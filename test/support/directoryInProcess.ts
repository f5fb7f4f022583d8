import { gatewayAnswer, noPermission } from '../../local/dingtalk/callError'
import type { Call } from '../../local/dingtalk/calls/calls'
import type { Directory as Organisation } from '../../local/dingtalk/directory'
import { runCall, textOfAnswer } from '../../local/dingtalk/gateway'
import type { DingtalkClient } from '../../shared/dingtalk/directory/client'
import { createDirectory, type Directory } from '../../shared/dingtalk/directory/directory'
import { readFailure } from '../../shared/dingtalk/directory/readFailure'
import { isObject, parseExact, stringifyLossless } from '../../shared/json'

interface Options {
  calls: ReadonlyMap<string, Call>
  organisation: Organisation
  now(): number
  /** awaited between the moment at which a call is sent and its answer */
  onItsWay(): Promise<void>
}

/**
 * The directory as a walk reads it, from the loopback DingTalk's own calls, without connections, tokens and limits: the same
 * seed is the same history, and a walk costs nothing.
 */
export function directoryInProcess({ calls, organisation, now, onItsWay }: Options): Directory {
  const call: DingtalkClient['call'] = async ({ host, path, query, body }, schema) => {
    const asked = calls.get(`${host}/${path}`)
    if (asked === undefined) throw new Error(`the loopback DingTalk has no ${path}`)
    const askedAt = now()
    await onItsWay()
    const args = parseExact(stringifyLossless({ ...query, ...body })) as Record<string, unknown>
    const { status, body: answer } = organisation.access.refused.includes(asked.permission)
      ? gatewayAnswer(asked.family, noPermission(asked.permission, 'dingapp'))
      : runCall(asked, args, organisation)
    const text = textOfAnswer(host, { body: answer })
    const value = parseExact(text)
    const failure = readFailure(path, { status, text }, isObject(value) ? value : undefined)
    if (failure === undefined) return { value: schema.parse(value), askedAt }
    failure.error.askedAt = askedAt
    throw failure.error
  }
  return createDirectory({ call })
}

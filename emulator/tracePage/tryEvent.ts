import { errorMessage } from '../../shared/errorCode'
import { depthOf, isLosslessObject, losslessJson, parseJson, parseLossless, stringifyLossless } from '../../shared/json'
import { jsonFault } from '../../shared/jsonFault'
import type { ApiContext } from '../api/context'
import { MAX_DEPTH } from '../api/readEvents'
import { validateEvent } from '../api/validateEvent'
import { compilePattern } from '../pattern/compilePattern'
import type { RuleDefinition } from '../resources/definitions'
import { compileTransform, type TargetParam } from '../transform/compileTransform'
import type { TextFault, Transform, Tried, TriedPattern, TriedRule, TriedText, TryCommand } from './tryProtocol'

type Given = Pick<ApiContext, 'limits' | 'accountId' | 'region'> & {
  rules: readonly RuleDefinition[]
  buses: readonly string[]
  now: number
}

/** What an event, a pattern and a transform that somebody types would come to. Nothing is published, and nothing kept. */
export function tryEvent({ event: text, pattern, transform }: TryCommand, given: Given): Tried {
  const event = readEvent(text)
  const patternFault = pattern.trim() === '' ? undefined : faultOfPattern(pattern)
  if ('fault' in event) {
    return { fault: event.fault, rules: [], ...(patternFault && { pattern: { fault: patternFault } }) }
  }
  const json = asDelivered(event.fields, given)
  const parsed = parseLossless(json) as Record<string, unknown>
  const refused = validateEvent(event.fields, Buffer.byteLength(json), given.limits)
  const bus = event.fields['aliyuneventbusname']
  const rules = given.buses.includes(String(bus)) ? given.rules.filter((rule) => rule.bus === bus) : given.rules
  return {
    ...(refused && { refused }),
    ...(pattern.trim() !== '' && { pattern: patternFault ? { fault: patternFault } : tryPattern(pattern, parsed) }),
    ...(transform && { transform: textOf({ ...asParam(transform), ResourceKey: 'Body' }, json) }),
    rules: rules.map((rule) => tryRule(rule, parsed, json)),
  }
}

function readEvent(text: string): { fields: Record<string, unknown> } | { fault: TextFault } {
  const isEmpty = text.trim() === ''
  if (isEmpty) return { fault: { line: 1, column: 1, message: 'holds no event' } }
  if (depthOf(text) > MAX_DEPTH) return { fault: { line: 1, column: 1, message: 'is nested too deep' } }
  const fields = losslessJson(text)
  if (fields === undefined) return { fault: jsonFault(text) }
  if (isLosslessObject(fields)) return { fields }
  return { fault: { line: 1, column: 1, message: 'is no event: a CloudEvent is a JSON object' } }
}

/** With what the service adds to an event, where it has not been there yet. */
function asDelivered(fields: Record<string, unknown>, { accountId, region, now }: Given): string {
  const added = { aliyunaccountid: accountId, aliyunregionid: region, aliyunpublishtime: new Date(now).toISOString() }
  return stringifyLossless({ ...fields, ...added, ...pick(fields, Object.keys(added)) })
}

function pick(fields: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(fields, name) ? [[name, fields[name]]] : [])))
}

function faultOfPattern(text: string): TextFault | string | undefined {
  const pattern = losslessJson(text)
  if (pattern === undefined) return jsonFault(text)
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}

function tryPattern(text: string, event: Record<string, unknown>): TriedPattern {
  const why = compilePattern(parseLossless(text)).whyNot(event)
  return why === undefined ? {} : { why }
}

function asParam({ form, value, template }: Transform): Omit<TargetParam, 'ResourceKey'> {
  return { Form: form, Value: value, Template: template }
}

/** The text of a parameter for an event, or what is wrong with the one or the other. */
function textOf(param: TargetParam, json: string): TriedText {
  try {
    return { text: compileTransform(param)(json) }
  } catch (error) {
    return { why: errorMessage(error) }
  }
}

function tryRule(definition: RuleDefinition, event: Record<string, unknown>, json: string): TriedRule {
  const { bus, name: rule, enabled, filterPattern, targets } = definition
  const why = enabled ? whyNot(filterPattern, event) : 'the rule is disabled'
  if (why !== undefined) return { bus, rule, why, targets: [] }
  return {
    ...{ bus, rule },
    targets: targets.map(({ Id, Type, ParamList }) => {
      const constant = (key: string) =>
        ParamList.find(({ ResourceKey }) => ResourceKey.toLowerCase() === key.toLowerCase())?.Value
      return {
        ...{ id: Id, type: Type },
        params: ParamList.filter(isOfEvent).map((param) => ({
          key: param.ResourceKey,
          ...asSent(
            textOf(param, json),
            constant('DataFormat') === 'ObjectList',
            constant('IsBase64Encode') === 'true',
          ),
        })),
      }
    }),
  }
}

function whyNot(filterPattern: string, event: Record<string, unknown>): string | undefined {
  try {
    return compilePattern(parseLossless(filterPattern)).whyNot(event)
  } catch (error) {
    return `the pattern is refused: ${errorMessage(error)}`
  }
}

/** What is the same for every event, an address or a secret say, is not shown. */
function isOfEvent({ ResourceKey, Form }: TargetParam): boolean {
  return Form !== 'CONSTANT' || /^Body(Parameters)?$/i.test(ResourceKey)
}

/** A function may get its event in a list, and a queue a message in Base64: see functionTarget.ts and mnsQueueTarget.ts. */
function asSent(tried: TriedText, isList: boolean, isEncoded: boolean): TriedText {
  if ('why' in tried) return tried
  const { text } = tried
  if (isList) return { text: `[${parseJson(text) === undefined ? JSON.stringify(text) : text}]` }
  return { text: isEncoded ? Buffer.from(text).toString('base64') : text }
}

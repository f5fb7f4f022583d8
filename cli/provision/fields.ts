import { isObject } from '../../shared/isObject'
import type { Param, Rule, Source, Target } from './state'

/** Field → value, as two states are compared and as a person reads them; empty when it is not set. */
export type Fields = Readonly<Record<string, string>>

/** @param found what there is now: what it has beyond `wanted` is the service's own and counts for nothing */
export function differences(wanted: Fields, found: Fields): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => (found[name] ?? '') !== value)
    .map(([name, value]) => `${name}: ${show(name, found[name] ?? '')} -> ${show(name, value)}`)
}

export function listing(fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${show(name, value)}`)
}

/** A robot's URL and secret, or a password, are parameters too. */
function show(name: string, value: string): string {
  if (value === '') return '(none)'
  return /^ParamList\..*(url|secret|password|token)/i.test(name) ? '(not shown)' : value
}

export function sourceFields({ SourceHttpEventParameters: http }: Source): Fields {
  return {
    Type: http?.Type ?? '',
    Method: http?.Method.join(' ') ?? '',
    SecurityConfig: http?.SecurityConfig ?? '',
    Ip: http?.Ip?.join(' ') ?? '',
    Referer: http?.Referer?.join(' ') ?? '',
  }
}

export function ruleFields({ Status, FilterPattern }: Rule): Fields {
  return { Status, FilterPattern: inOneOrder(FilterPattern) }
}

/** With the service's defaults, so that leaving a field out of the file is a difference too. */
export function targetFields(target: Target): Fields {
  return {
    Type: target.Type ?? '',
    Endpoint: target.Endpoint ?? '',
    PushRetryStrategy: target.PushRetryStrategy || 'BACKOFF_RETRY',
    ErrorsTolerance: target.ErrorsTolerance || 'ALL',
    'DeadLetterQueue.Arn': target.DeadLetterQueue?.Arn ?? '',
    // not set, it is whatever the service takes
    ...(target.ConcurrentConfig && {
      'ConcurrentConfig.Concurrency': String(target.ConcurrentConfig.Concurrency ?? ''),
    }),
    ...Object.fromEntries(
      (target.ParamList ?? []).map((param) => [`ParamList.${param.ResourceKey}`, showParam(param)]),
    ),
  }
}

function showParam({ Form, Value, Template }: Param): string {
  return [Form, Value, Template].filter(Boolean).join(' ')
}

/** A pattern means the same whatever the order of its fields. */
function inOneOrder(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
    )
  } catch {
    return json
  }
}

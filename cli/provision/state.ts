import { isLosslessNumber } from 'lossless-json'
import { exactNumber, isObject, parseLossless, stringifyLossless } from '../../shared/json'

/** What is on an event bus, in the words of EventBridge's API. */
export interface State {
  sources: Source[]
  rules: Rule[]
}

export interface FoundBus extends State {
  description: string
}

export interface Source {
  EventSourceName: string
  Description: string
  /** of a hosted HTTP source, to which EventBridge gives a URL */
  SourceHttpEventParameters?: HttpParameters
  /** of a scheduled one */
  SourceScheduledEventParameters?: ScheduledParameters
}

export interface ScheduledParameters {
  Schedule: string
  TimeZone: string
  /** JSON text */
  UserData?: string
}

export interface HttpParameters {
  Type: string
  Method: string[]
  SecurityConfig: string
  Ip?: string[]
  Referer?: string[]
}

export interface Rule {
  RuleName: string
  Description: string
  Status: string
  /** JSON text */
  FilterPattern: string
  Targets: Target[]
}

/** As eventbridge.yaml has it, or as the service gives it back, which may leave out what it has defaults for. */
export interface Target {
  Id: string
  Type?: Maybe<string>
  Endpoint?: Maybe<string>
  PushRetryStrategy?: Maybe<string>
  ErrorsTolerance?: Maybe<string>
  DeadLetterQueue?: Maybe<{ Arn?: Maybe<string> }>
  ConcurrentConfig?: Maybe<{ Concurrency?: Maybe<number> }>
  ParamList?: Maybe<Param[]>
}

interface Param {
  ResourceKey: string
  Form: string
  Value?: Maybe<string>
  Template?: Maybe<string>
}

type Maybe<T> = T | null | undefined

/** Field → value, as two states are compared and as a person reads them; empty when it is not set. */
type Fields = Readonly<Record<string, string>>

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

/** A robot's URL and secret, or a password, are parameters too; what an address has behind its host may be a token. */
function show(name: string, value: string): string {
  if (value === '') return '(none)'
  if (/^ParamList\..*(url|secret|password|token)/i.test(name)) return '(not shown)'
  const { protocol, host, pathname, search, username } = urlOf(name, value)
  return search || username ? `${protocol}//${host}${pathname} (the rest is not shown)` : value
}

function urlOf(name: string, value: string): Partial<URL> {
  return name === 'Endpoint' && URL.canParse(value) ? new URL(value) : {}
}

export function sourceFields({
  SourceHttpEventParameters: http,
  SourceScheduledEventParameters: scheduled,
}: Source): Fields {
  return {
    Schedule: scheduled?.Schedule ?? '',
    TimeZone: scheduled?.TimeZone ?? '',
    UserData: scheduled?.UserData ?? '',
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
    return stringifyLossless(sorted(parseLossless(json)))
  } catch {
    return json
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (isLosslessNumber(value)) return exactNumber(value.value)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

/**
 * What provision makes carries a mark at the end of its description, so that nothing else is ever deleted. Tags would be
 * finer, but event sources have none, and a rule's mark also has to name the targets that provision made.
 */
interface Mark {
  /** the description without the mark */
  text: string
  isMade: boolean
  /** Ids of the rule's targets that provision made */
  targets: string[]
}

export function readMark(description: string): Mark {
  const [, text, targets] = /^(.*?) ?\[dingtalk-eventbridge(?:: ([^\]]*))?\]$/s.exec(description) ?? []
  if (text === undefined) return { text: description, isMade: false, targets: [] }
  return { text, isMade: true, targets: targets?.split(', ') ?? [] }
}

export function withMark(text: string, targets: readonly string[] = []): string {
  const mark = targets.length > 0 ? `[dingtalk-eventbridge: ${targets.join(', ')}]` : '[dingtalk-eventbridge]'
  return text === '' ? mark : `${text} ${mark}`
}

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

export interface Param {
  ResourceKey: string
  Form: string
  Value?: Maybe<string>
  Template?: Maybe<string>
}

type Maybe<T> = T | null | undefined

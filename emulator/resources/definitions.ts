import type { TargetEntry } from '../targets/compileTarget'

/** What every resource has; times are milliseconds since 1970. This is what the store keeps, as JSON. */
export interface Definition {
  /** the bus it belongs to; a bus belongs to itself */
  bus: string
  name: string
  description?: string
  createdAt: number
  /** made by eventbridge.yaml: it is made anew at each start, and goes when it leaves the file */
  fromFile?: boolean
}

export interface BusDefinition extends Definition {
  tags?: Record<string, string>
}

export interface SourceDefinition extends Definition {
  /** of an HTTP event source; without, events come by PutEvents */
  http?: HttpParameters
}

/** The checks that a hosted HTTP event source makes of a request. */
export interface HttpParameters {
  type: 'HTTP' | 'HTTPS' | 'HTTP&HTTPS'
  method: string[]
  securityConfig: 'none' | 'ip' | 'referer'
  ip: string[]
  referer: string[]
}

export interface RuleDefinition extends Definition {
  enabled: boolean
  /** JSON text */
  filterPattern: string
  /** as they were given */
  targets: TargetEntry[]
  tags?: Record<string, string>
  changedAt: number
}

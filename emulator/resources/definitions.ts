import type { AuthParameters } from '../targets/authentication'
import type { TargetEntry } from '../targets/compileTarget'

/** What every resource has; times are milliseconds since 1970. This is what the store keeps, as JSON. */
interface Definition {
  /** the bus it belongs to; a bus belongs to itself, and what belongs to the account has NO_BUS */
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
  /** of a scheduled event source, which publishes by itself */
  scheduled?: ScheduledParameters
  /** of one that would fetch from elsewhere, such as SourceMNSParameters: as they were given, to be told again; nothing is fetched */
  fetched?: Record<string, unknown>
  /** the older form of the same */
  external?: ExternalSource
}

export interface ExternalSource {
  type?: string
  config?: Record<string, unknown>
}

/** When a scheduled event source publishes, and what: https://help.aliyun.com/en/eventbridge/user-guide/scheduled-event-source */
export interface ScheduledParameters {
  /** cron of six fields, seconds first */
  schedule: string
  /** `GMT+8:00` */
  timeZone: string
  /** JSON text */
  userData?: string
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

/** Of what belongs to an account, and to no bus: connections and API destinations. */
export const NO_BUS = ''

export interface ConnectionDefinition extends Definition {
  /** a number that no other has */
  id: number
  /** Http, or a database's, which is kept and used by nothing here */
  type: string
  /** as it was given */
  network: NetworkParameters
  /** as it was given */
  auth?: AuthParameters
  /** of a database's, as they were given */
  parameters?: Record<string, unknown>
}

export interface NetworkParameters {
  NetworkType: string
  VpcId?: string | undefined
  VswitcheId?: string | undefined
  SecurityGroupId?: string | undefined
}

export interface ApiDestinationDefinition extends Definition {
  /** the name of its connection */
  connection: string
  http: { Endpoint: string; Method: string }
}

/** https://help.aliyun.com/en/eventbridge/product-overview/limits */
export function isResourceName(name: string): boolean {
  return /^[A-Za-z0-9-]{1,127}$/.test(name) && !isReserved(name)
}

/** A source may have dots in its name, as in my.dingtalk. */
export function isSourceName(name: string): boolean {
  return /^[A-Za-z0-9.-]{1,127}$/.test(name) && !isReserved(name)
}

export const RESOURCE_NAME = '1 to 127 letters, digits or hyphens'
export const SOURCE_NAME = '1 to 127 letters, digits, hyphens or dots'

function isReserved(name: string): boolean {
  return name.startsWith('eventbridge-reserved-')
}

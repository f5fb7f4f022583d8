import type { EventBridgeFile, HttpParameters as Http, SourceDefinition } from '../../emulator'
import { UserError } from '../../shared/userError'
import type { HttpParameters, ScheduledParameters, State, Target } from './state'

type Scheduled = NonNullable<SourceDefinition['scheduled']>

interface Wishes {
  /** false: targets have no dead-letter queue, whatever the file says */
  deadLetterQueues: boolean
  endpointForm: EndpointForm
}

type File = Pick<EventBridgeFile, 'rules'> & {
  sources: Pick<SourceDefinition, 'name' | 'description' | 'http' | 'scheduled'>[]
}

/**
 * What eventbridge.yaml wants, in the words of EventBridge's API.
 * @throws UserError for a target without a dead-letter queue, from which events are lost after the last attempt
 */
export function wantedState({ sources, rules }: File, { deadLetterQueues, endpointForm }: Wishes): State {
  return {
    sources: sources.map(({ name, description = '', http, scheduled }) => ({
      EventSourceName: name,
      Description: description,
      ...(http && { SourceHttpEventParameters: httpParameters(http) }),
      ...(scheduled && { SourceScheduledEventParameters: scheduledParameters(scheduled) }),
    })),
    rules: rules.map(({ name, description = '', enabled, filterPattern, targets }) => ({
      RuleName: name,
      Description: description,
      Status: enabled ? 'ENABLE' : 'DISABLE',
      FilterPattern: filterPattern,
      Targets: targets.map((entry) => {
        const { DeadLetterQueue, ...rest } = endpointForm(entry)
        if (!deadLetterQueues) return rest
        if (DeadLetterQueue) return { ...rest, DeadLetterQueue }
        throw new UserError(
          `Target ${entry.Id} of rule ${name} has no DeadLetterQueue: after the last attempt its events would be gone. Name one in eventbridge.yaml, or add --no-dlq.`,
        )
      }),
    })),
  }
}

function scheduledParameters({ schedule, timeZone, userData }: Scheduled): ScheduledParameters {
  return { Schedule: schedule, TimeZone: timeZone || 'GMT+0:00', ...(userData !== undefined && { UserData: userData }) }
}

/** Ip and Referer are refused where SecurityConfig does not ask for them. */
function httpParameters({ type, method, securityConfig, ip, referer }: Http): HttpParameters {
  return {
    Type: type,
    Method: method,
    SecurityConfig: securityConfig,
    ...(ip.length > 0 && { Ip: ip }),
    ...(referer.length > 0 && { Referer: referer }),
  }
}

/** Rewrites where a target of Function Compute lies. */
type EndpointForm = (target: Target) => Target

/**
 * Function Compute 3.0 has functions alone, 2.0 had them in services. EventBridge's documents show the second form only
 * (https://help.aliyun.com/zh/eventbridge/developer-reference/event-target-parameters), so either can be asked for.
 * @param option of the command line: `functions` or `services/<service>`; undefined leaves targets as the file has them
 * @throws UserError
 */
export function readEndpointForm(option: string | undefined): EndpointForm {
  if (option === undefined) return (target) => target
  const [, service] = /^services\/([A-Za-z_$][\w$-]*)$/.exec(option) ?? []
  if (service === undefined && option !== 'functions') {
    throw new UserError('--endpoint-form must be functions or services/<service>.')
  }
  return (target) => (target.Type === 'acs.fc.function' ? rewrite(target, service) : target)
}

function rewrite(target: Target, service: string | undefined): Target {
  const [, place, name] = /^(acs:fc:[^:]*:[^:]*:).*\bfunctions\/(.+)$/.exec(target.Endpoint ?? '') ?? []
  if (place === undefined || name === undefined) return target
  const params = (target.ParamList ?? []).filter(({ ResourceKey }) => ResourceKey !== 'serviceName')
  if (service === undefined) return { ...target, Endpoint: `${place}functions/${name}`, ParamList: params }
  const qualifier = params.find(({ ResourceKey }) => ResourceKey === 'Qualifier')?.Value ?? 'LATEST'
  return {
    ...target,
    Endpoint: `${place}services/${service}.${qualifier}/functions/${name}`,
    ParamList: [{ ResourceKey: 'serviceName', Form: 'CONSTANT', Value: service }, ...params],
  }
}

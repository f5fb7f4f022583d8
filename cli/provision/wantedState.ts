import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import type { HttpParameters as Http, SourceDefinition } from '../../emulator/resources/definitions'
import { UserError } from '../../shared/userError'
import type { EndpointForm } from './endpointForm'
import type { HttpParameters, State } from './state'

export interface Wishes {
  /** false: targets have no dead-letter queue, whatever the file says */
  deadLetterQueues: boolean
  endpointForm: EndpointForm
}

type File = Pick<EventBridgeFile, 'rules'> & { sources: Pick<SourceDefinition, 'name' | 'description' | 'http'>[] }

/**
 * What eventbridge.yaml wants, in the words of EventBridge's API.
 * @throws UserError for a target without a dead-letter queue, from which events are lost after the last attempt
 */
export function wantedState({ sources, rules }: File, { deadLetterQueues, endpointForm }: Wishes): State {
  return {
    sources: sources.map(({ name, description = '', http }) => ({
      EventSourceName: name,
      Description: description,
      ...(http && { SourceHttpEventParameters: httpParameters(http) }),
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

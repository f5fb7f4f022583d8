import { UserError } from '../../shared/userError'
import type { Target } from './state'

/** Rewrites where a target of Function Compute lies. */
export type EndpointForm = (target: Target) => Target

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

import {
  type FoundBus,
  type Rule,
  type Source,
  type State,
  type Target,
  withMark,
} from '../../../../cli/provision/state'

const queue = 'acs:mns:cn-hangzhou:123456789012:/queues/dead'

export function target(Id = 'employees', fields: Partial<Target> = {}): Target {
  return {
    Id,
    Type: 'acs.fc.function',
    Endpoint: `acs:fc:cn-hangzhou:123456789012:functions/${Id}`,
    PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
    DeadLetterQueue: { Arn: queue },
    ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
    ...fields,
  }
}

export function rule(fields: Partial<Rule> = {}): Rule {
  return {
    RuleName: 'employees',
    Description: 'Personnel events',
    Status: 'ENABLE',
    FilterPattern: '{"source":["my.dingtalk"]}',
    Targets: [target()],
    ...fields,
  }
}

export function source(fields: Partial<Source> = {}): Source {
  return { EventSourceName: 'my.dingtalk', Description: 'From DingTalk', ...fields }
}

export const http = { Type: 'HTTPS', Method: ['POST'], SecurityConfig: 'none' }

export const wanted: State = { sources: [source()], rules: [rule()] }

/** What provision makes of `wanted`. */
export function made(fields: Partial<FoundBus> = {}): FoundBus {
  return { description: withMark(''), sources: [madeSource()], rules: [madeRule()], ...fields }
}

export function madeRule(fields: Partial<Rule> = {}, targets: string[] = ['employees']): Rule {
  return rule({ Description: withMark('Personnel events', targets), ...fields })
}

export function madeSource(fields: Partial<Source> = {}): Source {
  return source({ Description: withMark('From DingTalk'), ...fields })
}

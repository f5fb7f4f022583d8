import { printPlan } from '../../../../cli/provision/plan'
import { planRemoval } from '../../../../cli/provision/planChanges'
import type { FoundBus } from '../../../../cli/provision/state'
import { made, madeRule, madeSource, rule, source, target } from './states'

test('targets, rules, sources and the bus, in this order', () => {
  const plan = planRemoval('bus', made())
  expect(printPlan(plan)).toBe('- rule employees\n    - target employees\n- event source my.dingtalk\n- event bus bus')
  expect(plan.changes.flatMap(({ calls }) => calls)).toEqual([
    { operation: 'deleteTargets', body: { EventBusName: 'bus', RuleName: 'employees', TargetIds: ['employees'] } },
    { operation: 'deleteRule', body: { EventBusName: 'bus', RuleName: 'employees' } },
    { operation: 'deleteEventSource', body: { EventBusName: 'bus', EventSourceName: 'my.dingtalk' } },
    { operation: 'deleteEventBus', body: { EventBusName: 'bus' } },
  ])
})

test.each<[string, FoundBus | undefined, string]>([
  ['no bus', undefined, 'nothing'],
  [
    'a bus of others',
    made({ description: 'theirs' }),
    '- rule employees\n    - target employees\n- event source my.dingtalk\nleft alone: event bus bus, which provision did not make',
  ],
  [
    'things of others on it',
    made({
      rules: [madeRule(), rule({ RuleName: 'theirs', Targets: [] })],
      sources: [madeSource(), source({ EventSourceName: 'their.source' })],
    }),
    '- rule employees\n    - target employees\n- event source my.dingtalk\nleft alone: event bus bus, for rule theirs, event source their.source on it',
  ],
  [
    'nothing that provision made',
    made({ description: '', rules: [rule()], sources: [source()] }),
    'nothing\nleft alone: rule employees, event source my.dingtalk, event bus bus, which provision did not make',
  ],
  [
    'a target of others',
    made({ rules: [madeRule({ Targets: [target(), target('theirs')] })] }),
    '- event source my.dingtalk\nleft alone: rule employees, for its targets that provision did not make: theirs\nleft alone: event bus bus, for rule employees on it',
  ],
  [
    'a stand-in that was left behind',
    made({ rules: [madeRule({ Targets: [target('employees-stand-in')] })] }),
    '- rule employees\n    - target employees-stand-in\n- event source my.dingtalk\n- event bus bus',
  ],
])('%s', (_, found, text) => {
  expect(printPlan(planRemoval('bus', found), 'nothing')).toBe(text)
})

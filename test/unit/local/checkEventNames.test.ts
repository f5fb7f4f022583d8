import { checkEventNames } from '../../../local/stack/localEventBridge'
import type { Environment } from '../../../shared/config'

const rule = (filterPattern: object) => ({
  name: 'r',
  enabled: true,
  filterPattern: JSON.stringify(filterPattern),
  targets: [],
})
const rules = [
  rule({ source: ['my.dingtalk'], data: { body: { syncAction: ['user_add_org'] } } }),
  rule({ source: [{ prefix: 'their.' }] }),
]
const NO_RULE = /^EVENT_SOURCE_NAME is your\.dingtalk, and no rule of eventbridge\.yaml takes/

test.each<[string, Environment, { filterPattern: string }[], RegExp[]]>([
  ['nothing', {}, rules, []],
  ['the bus of the file', { EVENT_BUS_NAME: 'dingtalk' }, rules, []],
  ['another bus', { EVENT_BUS_NAME: 'other' }, rules, [/^EVENT_BUS_NAME is other and not used: .*, dingtalk$/]],
  ['a source of a rule', { EVENT_SOURCE_NAME: 'my.dingtalk' }, rules, []],
  ['a source by its prefix', { EVENT_SOURCE_NAME: 'their.dingtalk' }, rules, []],
  ['a source of no rule', { EVENT_SOURCE_NAME: 'your.dingtalk' }, rules, [NO_RULE]],
  ['a source where there is no rule', { EVENT_SOURCE_NAME: 'your.dingtalk' }, [], [NO_RULE]],
  ['a source where a rule takes any', { EVENT_SOURCE_NAME: 'your.dingtalk' }, [rule({ type: ['t'] })], []],
  [
    'a source, and another EventBridge',
    { EVENT_SOURCE_NAME: 'your.dingtalk', EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1' },
    rules,
    [],
  ],
])('%s', (_, environment, ofFile, lines) => {
  const file = { bus: 'dingtalk', rules: ofFile.map((other) => ({ ...rule({}), ...other })) }
  expect(checkEventNames(environment, file)).toEqual(lines.map((line) => expect.stringMatching(line)))
})

import { checkEventNames } from '../../../local/stack/checkEventNames'
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
  const file = { bus: 'dingtalk', sources: [], rules: ofFile.map((other) => ({ ...rule({}), ...other })) }
  expect(checkEventNames(environment, file)).toEqual(lines.map((line) => expect.stringMatching(line)))
})

test.each<[string, Environment, string[], string[]]>([
  ['the source of the file by default', {}, ['my.dingtalk'], []],
  ['changed in the file alone', {}, ['my.ding'], ['EventSourceName my.ding is not EVENT_SOURCE_NAME my.dingtalk']],
  [
    'changed in the variables alone, where the rule takes any',
    { EVENT_SOURCE_NAME: 'their.ding' },
    ['my.dingtalk'],
    ['EventSourceName my.dingtalk is not EVENT_SOURCE_NAME their.ding'],
  ],
  ['changed in both', { EVENT_SOURCE_NAME: 'their.ding' }, ['their.ding'], []],
  ['beside others', {}, ['my.badges', 'my.dingtalk'], []],
  ['others alone', {}, ['a', 'b'], ['EventSourceName a, b is not EVENT_SOURCE_NAME my.dingtalk']],
  ['another EventBridge', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1' }, ['my.ding'], []],
])('the name of the source: %s', (_, environment, names, lines) => {
  const sources = names.map((name) => ({ name }))
  expect(checkEventNames(environment, { bus: 'dingtalk', rules, sources })).toEqual(lines)
})

import { readEventBridgeFiles } from '../../../emulator'
import { startEventBridge } from '../../../emulator/main'
import { fileSlips } from '../../../local/stack/ruleSlips'

const place = { region: 'r', accountId: 'a' }
const read = (text: string) =>
  readEventBridgeFiles(text, 'eventbridge.yaml', { invoke: async () => ({}), allowedHosts: [] }, place)

const toBus = (bus: string) =>
  `{ Id: ${bus}, Type: acs.eventbridge, Endpoint: "acs:eventbridge:\${region}:\${account}:eventbus/${bus}", ParamList: [{ ResourceKey: Body, Form: ORIGINAL }] }`
const rule = (name: string, pattern: string, target: string) =>
  `  - { RuleName: ${name}, FilterPattern: ${pattern}, Targets: [${target}] }`
const connection =
  '{ ConnectionName: hr, AuthParameters: { AuthorizationType: BASIC_AUTH, BasicAuthParameters: { Username: u, Password: p } } }'
const destination =
  '{ ApiDestinationName: system, ConnectionName: hr, HttpApiParameters: { Endpoint: "http://127.0.0.1:1/", Method: POST } }'

test('a document each bus, in their order; one that holds nothing is none', () => {
  const files = read('---\nEventBusName: a\nRules: []\n---\nEventBusName: b\nRules: []\n---\n')
  expect(files.map(({ bus }) => bus)).toEqual(['a', 'b'])
})

test('two may have a rule of one name, and a connection is the account’s, whatever the document', () => {
  const target =
    '{ Id: t, Type: acs.api.destination, Endpoint: "acs:api-destination:r:a:name/system", ParamList: [{ ResourceKey: Name, Form: CONSTANT, Value: system }] }'
  const [first, second] = read(
    `EventBusName: a\nConnections: [${connection}]\nRules:\n${rule('same', '{}', target)}\n---\nEventBusName: b\nApiDestinations: [${destination}]\nRules:\n${rule('same', '{}', target)}\n`,
  )
  expect([first.rules, second?.rules].map((rules) => rules?.[0]?.name)).toEqual(['same', 'same'])
})

test.each<[string, string, string]>([
  [
    'a bus',
    'EventBusName: a\nRules: []\n---\nEventBusName: a\nRules: []\n',
    'eventbridge.yaml:4:1 EventBusName: the EventBusName a is given in a document above',
  ],
  [
    'a connection',
    `EventBusName: a\nConnections: [${connection}]\nRules: []\n---\nEventBusName: b\nConnections:\n  - ${connection}\nRules: []\n`,
    'eventbridge.yaml:7:7 Connections.0.ConnectionName: the ConnectionName hr is given in a document above',
  ],
  [
    'an API destination',
    `EventBusName: a\nConnections: [${connection}]\nApiDestinations: [${destination}]\nRules: []\n---\nEventBusName: b\nApiDestinations:\n  - ${destination}\nRules: []\n`,
    'eventbridge.yaml:8:7 ApiDestinations.0.ApiDestinationName: the ApiDestinationName system is given in a document above',
  ],
])('%s that comes in two documents is a fault with its line', (_, text, fault) => {
  expect(() => read(text)).toThrow(fault)
})

test.each<[string, string, string]>([
  [
    'a pattern',
    'EventBusName: b\nRules:\n  - RuleName: r\n    FilterPattern: { data: { x: [] } }\n    Targets: []\n',
    'eventbridge.yaml:8:5 Rules.0.FilterPattern: data.x: is an empty list',
  ],
  ['a key', 'EventBusName: b\nRulez: []\nRules: []\n', 'eventbridge.yaml:6:1 Rulez: is not known here'],
  ['the YAML', 'EventBusName: b\nRules: [\n', 'eventbridge.yaml:7:'],
  [
    'a target',
    'EventBusName: b\nRules:\n  - RuleName: r\n    FilterPattern: {}\n    Targets:\n      - { Id: t, Type: http, Endpoint: "http://example.com/", ParamList: [] }\n',
    'eventbridge.yaml:10:9 Rules.0.Targets.0',
  ],
])('%s that is wrong in the second document has the line of the file', (_, second, fault) => {
  expect(() => read(`EventBusName: a\nRules: []\n\n---\n${second}`)).toThrow(fault)
})

test('more buses than an account may have', () => {
  const text = Array.from({ length: 51 }, (_, at) => `EventBusName: b${at}\nRules: []\n`).join('---\n')
  expect(() => read(text)).toThrow('The current count of event bus is [50], which will exceed the limit quota [50]')
})

const TWO = `
EventBusName: first
Rules:
${rule('on', '{ type: [urgent] }', toBus('second'))}
---
EventBusName: second
Rules:
${rule('all', '{}', '{ Id: h, Type: acs.fc.function, Endpoint: "acs:fc:r:a:functions/handler", ParamList: [{ ResourceKey: Body, Form: ORIGINAL }] }')}
`

test('a rule of one brings an event to the other', async () => {
  const seen: string[] = []
  const bus = await startEventBridge({
    ...{ config: { text: TWO }, ...place },
    targets: { handler: ({ id, aliyuneventbusname }) => seen.push(`${id} ${aliyuneventbusname}`) },
  })
  await bus.publish([{ id: 'a', type: 'urgent' }, { id: 'b' }])
  await bus.publish({ id: 'c' }, 'second')
  await bus.settled()
  expect(seen.sort()).toEqual(['a second', 'c second'])
  await bus.stop()
})

test('slips are told of the buses that the webhook’s events come to, and of a target that is no bus of the file', () => {
  const slips = (text: string) => fileSlips(read(text), { source: 'my.dingtalk', place })
  const asks = '{ source: [my.dingtalk], data: { bdy: { syncAction: [user_add_org] } } }'
  const second = `---\nEventBusName: second\nRules:\n${rule('two', asks, toBus('first'))}\n`
  const reaching = `EventBusName: first\nRules:\n${rule('one', '{ source: [my.dingtalk] }', toBus('second'))}\n${second}`
  expect(slips(reaching)).toEqual([
    'rule two asks for data.bdy, which no event has: what DingTalk sent is in data.body',
  ])
  expect(slips(`EventBusName: first\nRules: []\n${second}`)).toEqual([])
  expect(slips(`EventBusName: first\nRules:\n${rule('one', '{}', toBus('thrid'))}\n${second}`)).toEqual([
    'target thrid of rule one is the event bus thrid, which eventbridge.yaml does not have',
  ])
})

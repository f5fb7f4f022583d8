import fs from 'node:fs'
import path from 'node:path'
import { compilePattern, readEventBridgeFiles } from '../../../emulator'
import { deployedRules, fillVariables, readServerlessFile } from '../../../local/project/serverlessFile'
import { REST, ROSTER, SNAPSHOT } from '../../../shared/dingtalk/directory/events'
import { UserError } from '../../../shared/userError'

const text = fs.readFileSync(path.join(__dirname, '../../../s.yaml'), 'utf8')
const environment = { EVENT_BUS_NAME: 'other', MYSQL_HOST: '127.0.0.1', MYSQL_USER: 'u', MYSQL_DATABASE: 'd' }

test('the functions as they are deployed, their variables filled in', () => {
  const [webhook, employees] = fillVariables(readServerlessFile(text), environment)
  expect(webhook).toMatchObject({
    functionName: 'dingtalk-webhook',
    handler: 'index.handler',
    code: './dist/webhook',
    environmentVariables: { EVENT_BUS_NAME: 'other', EVENT_SOURCE_NAME: 'my.dingtalk', ALLOWED_METHODS: 'POST' },
  })
  expect(employees).toMatchObject({
    functionName: 'dingtalk-employees',
    timeout: 60,
    instanceLifecycleConfig: { initializer: { handler: 'index.initialize' }, preStop: { handler: 'index.preStop' } },
    environmentVariables: { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '3306' },
  })
})

test('a variable that nobody sets is left out', () => {
  const [webhook] = fillVariables(readServerlessFile(text), environment)
  expect(webhook?.environmentVariables).not.toHaveProperty('WEBHOOK_TOKEN')
})

test('an empty variable counts as unset, as it does for s', () => {
  const [webhook] = fillVariables(readServerlessFile(text), { ...environment, EVENT_BUS_NAME: '' })
  expect(webhook?.environmentVariables).toMatchObject({ EVENT_BUS_NAME: 'dingtalk' })
})

test.each([
  ['a broken line', 'resources: [', 's.yaml: Flow sequence in block collection must be'],
  ['no resources', 'edition: 3.0.0', 's.yaml resources: '],
  [
    'a function without a handler',
    'resources: { webhook: { props: { functionName: f } } }',
    'resources.webhook.props.handler: ',
  ],
])('%s is refused in one line', (_, broken, message) => {
  expect(() => readServerlessFile(broken)).toThrow(UserError)
  expect(() => readServerlessFile(broken)).toThrow(message)
  expect(() => readServerlessFile(broken)).not.toThrow(/\n/)
})

const functions = readServerlessFile(text)
const namesWith = (environment: Record<string, string>) =>
  fillVariables(functions, environment).map(({ functionName }) => functionName.replace('dingtalk-', ''))

test('enrich and reconcile are deployed with a key alone, as s has it: an empty one is none', () => {
  expect(namesWith({})).toEqual(['webhook', 'employees'])
  expect(namesWith({ DINGTALK_APP_KEY: '' })).toEqual(['webhook', 'employees'])
  expect(namesWith({ DINGTALK_APP_KEY: 'key' })).toEqual(['webhook', 'employees', 'enrich', 'reconcile'])
})

test.each([
  ['fc3', true],
  ['fc3@0.1.0', true],
  ["${env('X', '') ? 'fc3' : path('./other')}", false],
  ["${env('X', '') ? 'fc3@0.1.0' : path('./other')}", false],
])('a function of the component %s', (component, isDeployed) => {
  const props = { functionName: 'f', handler: 'h', code: 'c', memorySize: 1, timeout: 1, environmentVariables: {} }
  const own = readServerlessFile(JSON.stringify({ resources: { one: { component, props } } }))
  expect(fillVariables(own, {}).length === 1).toBe(isDeployed)
  expect(fillVariables(own, { X: '1' })).toHaveLength(1)
})

const place = { region: 'cn-hangzhou', accountId: '123456789012' }
const yaml = fs.readFileSync(path.join(__dirname, '../../../eventbridge.yaml'), 'utf8')
const fileRules = readEventBridgeFiles(yaml, 'eventbridge.yaml', { invoke: async () => ({}) }, place)[0].rules
const rulesWith = (environment: Record<string, string>, rules = fileRules) =>
  deployedRules(rules, functions, environment, place)

test('the rules of a function that is not deployed are left out, and said to wait', () => {
  expect(rulesWith({ DINGTALK_APP_KEY: 'key' })).toEqual({ rules: fileRules, waiting: [] })
  const { rules, waiting } = rulesWith({})
  expect(rules).toEqual(fileRules.slice(0, 1))
  expect(waiting.map(({ rule, target, variable }) => [rule, target, variable])).toEqual([
    ['enrich', 'enrich', 'DINGTALK_APP_KEY'],
    ['range-changed', 'reconcile', 'DINGTALK_APP_KEY'],
  ])
})

test('of a rule with another target that one is left; a rule without any, and others’ functions, stay as they are', () => {
  const [employees, enrich] = fileRules
  if (!employees || !enrich) throw new Error('eventbridge.yaml has too few rules')
  const both = { ...employees, targets: [...employees.targets, ...enrich.targets] }
  expect(rulesWith({}, [both]).rules).toEqual([employees])
  const none = { ...enrich, targets: [] }
  const elsewhere = enrich.targets.map((target) => ({
    ...target,
    Endpoint: target.Endpoint.replace('hangzhou', 'beijing'),
  }))
  const theirs = { ...enrich, targets: elsewhere }
  expect(rulesWith({}, [none, theirs])).toEqual({ rules: [none, theirs], waiting: [] })
})

test.each<[string, Record<string, unknown>, string[]]>([
  ['a native addition', { EventType: 'user_add_org', userId: ['u'] }, ['enrich']],
  ['a native change', { EventType: 'user_modify_org', userId: ['u'] }, ['enrich']],
  ['an activation', { EventType: 'user_active_org', userId: ['u'] }, ['enrich']],
  ['a role', { EventType: 'label_user_change', userIdList: ['u'] }, ['enrich']],
  ['an administrator', { EventType: 'org_admin_add', userId: ['u'] }, ['enrich']],
  ['a new department', { EventType: 'org_dept_create', deptId: [2] }, ['enrich']],
  ['a department that changed', { EventType: 'org_dept_modify', deptId: [2] }, ['enrich']],
  ['a native leave', { EventType: 'user_leave_org', userId: ['u'] }, []],
  ['another range of the app', { EventType: 'inner_app_scopes_change' }, ['range-changed']],
  ['a connector’s event, which tells all', { syncAction: 'user_add_org', userId: 'u', name: 'n' }, []],
  ['an approval', { EventType: 'bpms_instance_change' }, []],
])('the rules beside employees take %s', (_, body, taken) => {
  const event = { source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', data: { body } }
  const names = fileRules.filter(({ filterPattern }) => compilePattern(JSON.parse(filterPattern)).matches(event))
  expect(names.map(({ name }) => name)).toEqual(['employees', ...taken])
})

test.each<[string, string, string[]]>([
  ['what enrich has left to another delivery', REST, ['enrich']],
  ['what DingTalk’s API told', SNAPSHOT, ['employees']],
  ['a list of all', ROSTER, ['employees']],
])('%s is for one function alone', (_, type, taken) => {
  const event = { source: 'my.dingtalk', type, data: { body: { EventType: 'user_add_org', userId: ['u'] } } }
  const names = fileRules.filter(({ filterPattern }) => compilePattern(JSON.parse(filterPattern)).matches(event))
  expect(names.map(({ name }) => name)).toEqual(taken)
})

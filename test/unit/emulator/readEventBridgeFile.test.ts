import fs from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import { readEventBridgeFile } from '../../../emulator/config/readEventBridgeFile'
import { UserError } from '../../../shared/userError'

const body = { ResourceKey: 'Body', Form: 'ORIGINAL' }
const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
const target = {
  Id: 'one',
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/f',
  ParamList: [body] as object[],
}
const withTarget = (fields: object) => withTargets([{ ...target, ...fields }])
const withTargets = (Targets: object[]) => ({
  EventBusName: 'bus',
  Rules: [{ RuleName: 'rule', FilterPattern: {}, Targets }],
})
const withParam = (...params: object[]) => withTarget({ ParamList: [body, ...params] })

const read = (file: object | string) =>
  readEventBridgeFile(typeof file === 'string' ? file : stringify(file), 'eventbridge.yaml')

test('the file of this project is read, with a dead-letter queue too', () => {
  const text = fs.readFileSync(path.join(__dirname, '../../../eventbridge.yaml'), 'utf8')
  const filled = text.replaceAll('${region}', 'cn-hangzhou').replaceAll('${account}', '123456789012')
  const [rule] = read(filled).rules
  expect(rule?.targets).toEqual([
    {
      id: 'employees',
      functionName: 'dingtalk-employees',
      retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
      transform: expect.any(Function),
    },
  ])
  const [withQueue] = read(filled.replace('# DeadLetterQueue', 'DeadLetterQueue')).rules
  expect(withQueue?.targets[0]?.deadLetterQueue).toBe(
    'acs:mns:cn-hangzhou:123456789012:/queues/dingtalk-dead-letters/messages',
  )
})

test('a rule that is disabled is left out', () => {
  const file = withTarget({})
  expect(read({ ...file, Rules: file.Rules.map((rule) => ({ ...rule, Status: 'DISABLE' })) }).rules).toEqual([])
})

test.each<[string, object]>([
  ['nothing but Body', withTarget({})],
  [
    'every parameter, with what is done here',
    withParam(
      constant('functionName', 'f'),
      constant('Qualifier', 'prod'),
      constant('InvocationType', 'Sync'),
      constant('DataFormat', 'Object'),
    ),
  ],
  [
    'the older form, with a service',
    withTarget({
      Endpoint: 'acs:fc:cn-hangzhou:1:services/s.LATEST/functions/f',
      ParamList: [body, constant('serviceName', 's')],
    }),
  ],
])('%s', (_, file) => {
  expect(read(file).rules[0]?.targets[0]?.functionName).toBe('f')
})

test.each<[string, object | string, string]>([
  [
    'an asynchronous invocation',
    withParam(constant('InvocationType', 'Async')),
    'rule.one: InvocationType: must be Sync in the embedded EventBridge',
  ],
  [
    'lists of events',
    withParam(constant('DataFormat', 'ObjectList')),
    'rule.one: DataFormat: must be Object in the embedded EventBridge',
  ],
  [
    'another function than the endpoint',
    withParam(constant('functionName', 'g')),
    'rule.one: functionName: must be f in the embedded EventBridge',
  ],
  [
    'a service that the endpoint lacks',
    withParam(constant('serviceName', 's')),
    'rule.one: serviceName: Endpoint names none; leave it out',
  ],
  [
    'a function taken from the event',
    withParam({ ResourceKey: 'functionName', Form: 'JSONPATH', Value: '$.data.f' }),
    'rule.one: functionName: Form must be CONSTANT',
  ],
  [
    'an unknown parameter',
    withParam(constant('Headers', 'x')),
    'rule.one: ParamList: Headers is no parameter of acs.fc.function',
  ],
  ['two bodies', withParam(body), 'rule.one: ParamList: Body is given twice'],
  ['no body', withTarget({ ParamList: [] }), 'rule.one: ParamList: Body is missing'],
  ['two targets of one Id', withTargets([target, target]), 'Rules.0.Targets: the Id one is given twice'],
  [
    'two rules of one name',
    { EventBusName: 'bus', Rules: [...withTargets([target]).Rules, ...withTargets([]).Rules] },
    'Rules: the RuleName rule is given twice',
  ],
  [
    'a queue that is no ARN',
    withTarget({ DeadLetterQueue: { Arn: 'dead-letters' } }),
    'Rules.0.Targets.0.DeadLetterQueue.Arn: must be the ARN of a queue: acs:…',
  ],
  [
    'an endpoint that is no function',
    withTarget({ Endpoint: 'acs:mns:x' }),
    'rule.one: Endpoint: must be acs:fc:<region>:<account>:functions/<function>',
  ],
  ['a broken line', 'EventBusName: [', 'eventbridge.yaml: Flow sequence in block collection must be'],
])('%s: refused in one line', (_, file, message) => {
  expect(() => read(file)).toThrow(UserError)
  expect(() => read(file)).toThrow(message)
  expect(() => read(file)).not.toThrow(/\n/)
})

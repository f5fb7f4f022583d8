import Ajv, { type AnySchemaObject, type ValidateFunction } from 'ajv'
import schema from '../../fixtures/fc3-schema.json'
import { APP, COMPLETE, FUNCTIONS, type FunctionProps, fillServerless } from '../../support/serverless'

/**
 * fc3's own schema takes any key, and any trigger, since one kind of trigger has an empty configuration; fc3 only writes
 * what it finds into a debug log. Here unknown keys are refused, and a trigger is held against the schema of its kind.
 */
const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(strict(schema) as AnySchemaObject, 'fc3')
const isProps = ajv.getSchema('fc3') as ValidateFunction
const triggers: Readonly<Record<string, ValidateFunction | undefined>> = {
  http: ajv.getSchema('fc3#/definitions/IHttpTriggerConfig') as ValidateFunction,
  timer: ajv.getSchema('fc3#/definitions/ITimerTriggerConfig') as ValidateFunction,
}

function strict(part: unknown, key = ''): unknown {
  if (Array.isArray(part)) return part.map((item) => strict(item))
  // a condition looks at some of the keys only
  if (typeof part !== 'object' || part === null || ['if', 'then', 'else'].includes(key)) return part
  const inner = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, strict(value, name)]))
  const isObject = inner['type'] === 'object' && typeof inner['properties'] === 'object'
  return isObject ? { additionalProperties: false, ...inner } : inner
}

function faultsOf(props: FunctionProps): string[] {
  const faults = (validate: ValidateFunction, value: unknown, where: string) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${where}${error.instancePath} ${error.message}`)
  return [
    ...faults(isProps, props, ''),
    ...(props.triggers ?? []).flatMap(({ triggerType, triggerConfig }) => {
      const isTrigger = triggers[triggerType]
      return isTrigger ? faults(isTrigger, triggerConfig, 'trigger') : [`trigger ${triggerType} is unknown`]
    }),
  ]
}

test.each(FUNCTIONS)('%s is what the fc3 component takes', (name) => {
  expect(faultsOf(fillServerless({ ...COMPLETE, ...APP }).resources[name].props)).toEqual([])
})

test.each<[string, Record<string, unknown>, string]>([
  ['a misspelt key', { reservedConcurrency: 20 }, 'must NOT have additional properties'],
  ['a misspelt key within', { concurrencyConfig: { reserved: 20 } }, '/concurrencyConfig must NOT have additional'],
  ['a TTL, which fc3 has nowhere', { logConfig: { project: 'p', logstore: 'l', ttl: 30 } }, '/logConfig must NOT have'],
  ['a VPC without a security group', { vpcConfig: { vpcId: 'v', vSwitchIds: ['w'] } }, "property 'securityGroupId'"],
  ['a runtime that fc3 does not know', { runtime: 'nodejs22' }, '/runtime must be equal to one of the allowed values'],
  ['a number as text', { timeout: '10' }, '/timeout must be integer'],
  ['a variable that is no text', { environmentVariables: { MYSQL_PORT: 3306 } }, '/MYSQL_PORT must be string'],
  ['another disk', { diskSize: 1024 }, '/diskSize must be equal to one of the allowed values'],
  ['memory that is no multiple of 64', { memorySize: 500 }, '/memorySize must be multiple of 64'],
  ['no handler', { handler: undefined }, "must have required property 'handler'"],
])('the schema refuses %s', (_, change, fault) => {
  const { props } = fillServerless(COMPLETE).resources.webhook
  expect(faultsOf({ ...props, ...change }).join('\n')).toContain(fault)
})

test.each<[string, Record<string, unknown>, string]>([
  ['a method in lower case', { methods: ['post'] }, 'trigger/methods/0 must be equal to one of'],
  ['an authentication that does not exist', { authType: 'none' }, 'trigger/authType must be equal to one of'],
  ['text for a boolean', { disableURLInternet: 'false' }, 'trigger/disableURLInternet must be boolean'],
  ['a misspelt key', { method: ['POST'] }, 'trigger must NOT have additional properties'],
])('the schema refuses a trigger with %s', (_, change, fault) => {
  const { props } = fillServerless(COMPLETE).resources.webhook
  const triggerConfig = { authType: 'anonymous', methods: ['POST'], ...change }
  expect(faultsOf({ ...props, triggers: [{ triggerType: 'http', triggerConfig }] }).join('\n')).toContain(fault)
})

test.each<[string, Record<string, unknown>, string]>([
  ['without an expression', { cronExpression: undefined }, "must have required property 'cronExpression'"],
  ['that says not whether it runs', { enable: undefined }, "must have required property 'enable'"],
  ['whose payload is no text', { payload: { task: 'full' } }, 'trigger/payload must be string'],
  ['with a misspelt key', { enabled: true }, 'trigger must NOT have additional properties'],
])('the schema refuses a timer %s', (_, change, fault) => {
  const { props } = fillServerless({ ...COMPLETE, ...APP }).resources.reconcile
  const triggerConfig = { cronExpression: '@every 1h', enable: true, ...change }
  expect(faultsOf({ ...props, triggers: [{ triggerType: 'timer', triggerConfig }] }).join('\n')).toContain(fault)
})

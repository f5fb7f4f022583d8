import { APP, COMPLETE, type FunctionProps, fillServerless } from '../../support/serverless'

/**
 * A second `s deploy` compares what s.yaml says with what the API returns; where they differ fc3 asks, and without a
 * terminal and without -y it deploys nothing. Here s.yaml goes once through what fc3 and its SDK do with it. What Function
 * Compute fills in by itself is of its documents, and of what fc3 takes away; nobody has asked the cloud.
 */
type Value = unknown
type Properties = Record<string, Value>

/**
 * Not compared with GetFunction: the constructor and `_plan` of
 * https://github.com/devsapp/fc3/blob/master/src/subCommands/deploy/impl/function.ts
 */
const ELSEWHERE = [
  ...['region', 'triggers', 'asyncInvokeConfig', 'vpcBinding', 'customDomain', 'provisionConfig', 'scalingConfig'],
  ...['concurrencyConfig', 'endpoint', 'code'],
]

/**
 * What fc3 adds to s.yaml, FUNCTION_DEFAULT_CONFIG and FC_TRIGGER_DEFAULT_CONFIG of
 * https://github.com/devsapp/fc3/blob/master/src/default/config.ts
 */
const FUNCTION_DEFAULTS = { internetAccess: true, description: '', memorySize: 512, timeout: 3 }
const TRIGGER_DEFAULTS = { qualifier: 'LATEST', description: '' }

/** What it sends where s.yaml says nothing: FC_RESOURCES_EMPTY_CONFIG of the same file. */
const SENT_FOR_NOTHING = {
  vpcConfig: { securityGroupId: '', vSwitchIds: [], vpcId: '' },
  tracingConfig: {},
  ossMountConfig: { mountPoints: [] },
  nasConfig: { groupId: 0, userId: 0, mountPoints: [] },
  logConfig: {
    ...{ enableInstanceMetrics: false, enableRequestMetrics: false, logBeginRule: 'None' },
    ...{ logstore: '', project: '' },
  },
  environmentVariables: {},
}

/** Of itself the API adds these. https://www.alibabacloud.com/help/en/functioncompute/api-fc-2023-03-30-struct-function */
const ADDED_BY_THE_API = {
  ...{ functionId: 'an-id', functionArn: 'acs:fc:…', codeSize: 1, codeChecksum: '1', createdTime: 'then' },
  ...{ lastModifiedTime: 'now', lastUpdateStatus: 'Successful', state: 'Active', useSLRAuthentication: false },
  ...{ disableOndemand: false, resourceGroupId: 'rg-1', instanceIsolationMode: 'SHARE', sessionAffinity: 'NONE' },
}

/** The SDK names the parts of a tag anew, both ways, and takes no tags for an update: @alicloud/fc20230330, models/Tag. */
function bySdk(properties: Properties): Properties {
  const { tags, ...others } = properties
  if (!Array.isArray(tags)) return others
  return { ...others, tags: tags.map(({ key: Key, value: Value }) => ({ Key, Value })) }
}

/** handlePreRun of https://github.com/devsapp/fc3/blob/master/src/base.ts, then the constructor. */
function ofSYaml(props: FunctionProps): Properties {
  const arn = props.role.startsWith('acs:') ? props.role : `acs:ram::${COMPLETE['AccountID']}:role/${props.role}`
  return without({ ...FUNCTION_DEFAULTS, ...props, role: arn.toLowerCase() }, ELSEWHERE)
}

/**
 * CreateFunction, GetFunction, and what fc3 then takes away: `_plan`, and getFunction of
 * https://github.com/devsapp/fc3/blob/master/src/resources/fc/index.ts
 */
function ofApi(local: Properties): Properties {
  const returned: Properties = { ...SENT_FOR_NOTHING, ...bySdk(local), ...ADDED_BY_THE_API }
  const emptied = {
    vpcConfig: (value: Value) => (value as typeof SENT_FOR_NOTHING.vpcConfig).vpcId === '',
    logConfig: (value: Value) => (value as typeof SENT_FOR_NOTHING.logConfig).project === '',
    nasConfig: (value: Value) => (value as typeof SENT_FOR_NOTHING.nasConfig).mountPoints.length === 0,
    ossMountConfig: (value: Value) => (value as typeof SENT_FOR_NOTHING.ossMountConfig).mountPoints.length === 0,
    tracingConfig: (value: Value) => Object.keys(value as object).length === 0,
    environmentVariables: (value: Value) => Object.keys(value as object).length === 0,
  }
  const empty = Object.entries(emptied).filter(([name, isEmpty]) => isEmpty(returned[name]))
  return without(returned, [...Object.keys(ADDED_BY_THE_API), ...empty.map(([name]) => name)])
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))
}

const environments: [string, Record<string, string>][] = [
  ['as .env.example has it', COMPLETE],
  ['with an app of DingTalk’s', { ...COMPLETE, ...APP }],
  ['a role by its ARN', { ...COMPLETE, WEBHOOK_ROLE: 'acs:ram::1234567890123456:role/hr' }],
  ['a custom domain only', { ...COMPLETE, DISABLE_PUBLIC_URL: 'true' }],
]
const functions = environments.flatMap(([what, environment]) =>
  Object.values(fillServerless(environment).resources).map(({ props }) => [what, props.functionName, props] as const),
)

test.each(functions)('%s: a second deployment of %s finds no difference in the function', (_, __, props) => {
  const local = ofSYaml(props)
  expect(ofApi(local)).toEqual(local)
})

test.each(functions)('%s: nor of %s in its triggers', (_, __, props) => {
  for (const trigger of props.triggers ?? []) {
    // getTrigger takes away times, ids and what is null
    // https://github.com/devsapp/fc3/blob/master/src/subCommands/deploy/impl/trigger.ts
    const returned = {
      ...TRIGGER_DEFAULTS,
      ...trigger,
      triggerConfig: JSON.parse(JSON.stringify(trigger.triggerConfig)),
    }
    expect(returned).toEqual({ ...TRIGGER_DEFAULTS, ...trigger })
    // of neither does the API add a setting. https://www.alibabacloud.com/help/en/functioncompute/fc/time-triggers
    expect(['http', 'timer']).toContain(trigger.triggerType)
  }
})

test.each(functions)('%s: nor in what becomes of asynchronous calls of %s', (_, __, { asyncInvokeConfig }) => {
  if (asyncInvokeConfig === undefined) return
  // getAsyncInvokeConfig takes away times, the ARN, what is null, and an empty destinationConfig; it would ask about the rest
  // https://www.alibabacloud.com/help/en/functioncompute/api-fc-2023-03-30-struct-asyncconfig
  const kept = ['asyncTask', 'maxAsyncEventAgeInSeconds', 'maxAsyncRetryAttempts']
  expect(Object.keys(asyncInvokeConfig).sort()).toEqual(kept)
})

test.each(functions)('%s: and %s reserves its instances as the API has them', (_, __, { concurrencyConfig }) => {
  // getRemote takes away functionArn
  // https://github.com/devsapp/fc3/blob/master/src/subCommands/deploy/impl/concurrency_config.ts
  expect(Object.keys(concurrencyConfig)).toEqual(['reservedConcurrency'])
})

/** A part that the API returns whole is written whole: the comparison knows no default within it. */
test.each([
  ['logConfig', Object.keys(SENT_FOR_NOTHING.logConfig)],
  ['vpcConfig', Object.keys(SENT_FOR_NOTHING.vpcConfig)],
])('%s says all that the API returns of it', (name, keys) => {
  for (const [, , props] of functions) {
    if (props[name] !== undefined) expect(Object.keys(props[name] as object).sort()).toEqual([...keys].sort())
  }
})

test('a hook has its time: fc3 would fill in what the API has, and 3 seconds where it has none', () => {
  const hooks = functions.flatMap(([, , { instanceLifecycleConfig }]) => Object.values(instanceLifecycleConfig ?? {}))
  expect(hooks.map((hook) => Object.keys(hook).sort())).toEqual(hooks.map(() => ['handler', 'timeout']))
  expect(hooks.length).toBeGreaterThan(0)
})

test('what always differs is seen here', () => {
  const { props } = fillServerless(COMPLETE).resources.webhook
  const tagged = ofSYaml({ ...props, tags: [{ key: 'project', value: 'dingtalk-eventbridge' }] })
  expect(ofApi(tagged)).not.toEqual(tagged)
})

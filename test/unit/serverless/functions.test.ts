import fs from 'node:fs'
import path from 'node:path'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { readConfig as readEmployeesConfig } from '../../../functions/employees/config'
import { readConfig as readEnrichConfig } from '../../../functions/enrich/config'
import { readConfig as readReconcileConfig } from '../../../functions/reconcile/config'
import { readRequest } from '../../../functions/reconcile/readRequest'
import { readConfig as readWebhookConfig } from '../../../functions/webhook/config'
import { APP, COMPLETE, type FunctionProps, fillServerless, serverlessText } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

const ROOT = path.join(__dirname, '../../..')
const { actions, resources } = fillServerless({ ...COMPLETE, ...APP })
const functions = Object.entries(resources).map(([name, { props }]) => [name, props] as const)
const dist = temporaryFolder()
const readText = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8')

test('every handler of s.yaml is exported by the bundle that is uploaded', async () => {
  // the webhook says that it is not configured here
  jest.spyOn(console, 'error').mockImplementation(() => {})
  await buildFunctions(dist)
  for (const [name, { code, handler, instanceLifecycleConfig }] of functions) {
    expect(code).toBe(`./dist/${name}`)
    const hooks = Object.values(instanceLifecycleConfig ?? {}).map((hook) => hook.handler)
    for (const [file = '', method = ''] of [handler, ...hooks].map((text) => text.split('.'))) {
      const bundle = require(path.join(dist, name, `${file}.js`)) as Record<string, unknown>
      expect(`${name} ${method}: ${typeof bundle[method]}`).toBe(`${name} ${method}: function`)
    }
  }
})

test.each([
  ['webhook', readWebhookConfig],
  ['employees', readEmployeesConfig],
  ['enrich', readEnrichConfig],
  ['reconcile', readReconcileConfig],
] as const)('%s starts with the defaults of s.yaml', (name, readConfig) => {
  expect(() => readConfig(resources[name].props.environmentVariables)).not.toThrow()
})

/** Function Compute sets these itself, and takes no variable of such a name. */
const GIVEN = /^(FC_|ALIBABA_CLOUD_)/

test.each(functions)('%s: s.yaml passes on the variables that the function reads, and no other', (name, props) => {
  const read = variablesOf(name)
  expect(read.length).toBeGreaterThan(5)
  expect(Object.keys(props.environmentVariables).sort()).toEqual(read.filter((key) => !GIVEN.test(key)).sort())
})

/** Those of the function's own schema, and those that it has in common with others. */
function variablesOf(name: string): string[] {
  return namedIn(`functions/${name}/config.ts`)
}

function namedIn(file: string): string[] {
  const text = readText(file)
  const own = [...text.matchAll(/^ {2,4}([A-Z][A-Z0-9_]*):/gm)].map(([, key = '']) => key)
  const imported = [...text.matchAll(/'(\.[\w/.]+\/variables)'/g)].map(([, other = '']) => other)
  return [...own, ...imported.flatMap((other) => namedIn(path.join(path.dirname(file), `${other}.ts`)))]
}

test.each(functions)('%s: a size that Function Compute takes', (_, props) => {
  const gigabytesPerCpu = props.memorySize / 1024 / props.cpu
  expect(gigabytesPerCpu).toBeGreaterThanOrEqual(1)
  expect(gigabytesPerCpu).toBeLessThanOrEqual(4)
  expect(Number.isInteger(Math.round(props.cpu * 1000) / 50)).toBe(true)
  expect(props['diskSize']).toBe(512)
  expect(props.runtime).toBe('nodejs20')
})

test('a built-in runtime serves one request an instance: it has no instanceConcurrency', () => {
  expect(serverlessText).not.toContain('instanceConcurrency')
})

test.each(functions)('%s: the variables take less than the 4 KB that are allowed', (_, props) => {
  expect(Buffer.byteLength(Object.entries(props.environmentVariables).flat().join(''))).toBeLessThan(1024)
})

test('the webhook: open to POST from anywhere, on no network of ours, without an initializer', () => {
  const { props } = resources.webhook
  expect(props.triggers).toEqual([
    {
      triggerName: 'http',
      triggerType: 'http',
      qualifier: 'LATEST',
      triggerConfig: { authType: 'anonymous', methods: ['POST'], disableURLInternet: false },
    },
  ])
  expect(props).toMatchObject({ timeout: 10, internetAccess: true, role: 'dingtalk-webhook' })
  expect(props).not.toHaveProperty('vpcConfig')
  // a failed one is answered with 200
  expect(props).not.toHaveProperty('instanceLifecycleConfig')
})

test('employees: in the network of the database and nowhere else, called by nobody but the rule', () => {
  const { props } = resources.employees
  expect(props).toMatchObject({
    timeout: 60,
    internetAccess: false,
    role: 'dingtalk-employees',
    vpcConfig: { vpcId: 'vpc-bp1example', vSwitchIds: ['vsw-bp1example'], securityGroupId: 'sg-bp1example' },
    instanceLifecycleConfig: { initializer: { handler: 'index.initialize' }, preStop: { handler: 'index.preStop' } },
  })
  expect(props).not.toHaveProperty('triggers')
})

test('DISABLE_PUBLIC_URL takes the public URL away', () => {
  const { webhook } = fillServerless({ ...COMPLETE, DISABLE_PUBLIC_URL: 'true' }).resources
  expect(webhook.props.triggers?.[0]?.triggerConfig['disableURLInternet']).toBe(true)
})

// before check:environment could say what is wrong with it
test('a DISABLE_PUBLIC_URL that is neither true nor false does not end s', () => {
  const { webhook } = fillServerless({ ...COMPLETE, DISABLE_PUBLIC_URL: 'yes' }).resources
  expect(webhook.props.triggers?.[0]?.triggerConfig['disableURLInternet']).toBe(false)
})

test('instances: 10 connections to the database at most, and 32 of the 100 instances that an account has at least', () => {
  const instances = functions.map(([, { concurrencyConfig }]) => concurrencyConfig.reservedConcurrency)
  expect(instances).toEqual([20, 10, 1, 1])
})

test('enrich and reconcile together stay below the 20 calls a second that DingTalk answers', () => {
  const { enrich, reconcile } = resources
  const ofEnrich = readEnrichConfig(enrich.props.environmentVariables).DINGTALK_CALLS_PER_S
  const ofReconcile = readReconcileConfig(reconcile.props.environmentVariables).DINGTALK_CALLS_PER_S
  const instances = (props: FunctionProps) => props.concurrencyConfig.reservedConcurrency
  expect(instances(enrich.props) * ofEnrich + instances(reconcile.props) * ofReconcile).toBe(15)
})

test.each(['enrich', 'reconcile'] as const)('%s: on no network of ours, and deployed with a key alone', (name) => {
  const { component, props } = resources[name]
  expect(props).toMatchObject({ internetAccess: true, role: `dingtalk-${name}` })
  expect(props).not.toHaveProperty('vpcConfig')
  expect([component, fillServerless(COMPLETE).resources[name].component]).toEqual(['fc3', './cli/notDeployed'])
  // what a context that does not say it would have
  const own = readText(`functions/${name}/index.ts`)
  expect(own).toContain(`FUNCTION_TIMEOUT_S = ${props.timeout}\n`)
})

test('the timers of reconcile: what they ask for is what it reads, each an hour’s tenth minute or later', () => {
  const timers = (resources.reconcile.props.triggers ?? []).map(({ triggerConfig }) => triggerConfig)
  const asked = timers.map(
    ({ payload }) => readRequest(Buffer.from(JSON.stringify({ triggerName: 't', payload }))).task,
  )
  expect(asked).toEqual(['full', 'failed'])
  const times = timers.map(({ cronExpression }) =>
    /^CRON_TZ=Asia\/Shanghai 0 (\d+) (\S+) \* \* \*$/.exec(String(cronExpression)),
  )
  expect(times.map((time) => time?.slice(1))).toEqual([
    ['10', '2'],
    ['40', '*'],
  ])
  expect(timers.every(({ enable }) => enable === true)).toBe(true)
  expect(resources.reconcile.props.asyncInvokeConfig).toMatchObject({ maxAsyncRetryAttempts: 0 })
  expect(resources.enrich.props).not.toHaveProperty('triggers')
})

test('s deploy checks, builds, plans, deploys and makes the chain; s local looks where to, and builds', () => {
  const lines = (action: string) => actions[action]?.map(({ run }) => run)
  expect(lines('pre-deploy')).toEqual([
    'npm run --silent check:environment',
    'npm run --silent build',
    'npm run --silent provision -- --region cn-hangzhou --plan',
  ])
  expect(lines('pre-local')).toEqual([
    'npm run --silent check:local',
    'npm run --silent build',
    'npm run --silent events',
  ])
  expect(lines('success-deploy')).toEqual(['npm run --silent provision -- --region cn-hangzhou --yes'])
})

test('every command that s runs is a script of package.json', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
  const commands = Object.values(actions)
    .flat()
    .map(({ run }) => /^npm run --silent ([\w:]+)/.exec(run)?.[1])
  expect(commands.filter((name) => name === undefined || scripts[name] === undefined)).toEqual([])
})

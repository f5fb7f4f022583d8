import fs from 'node:fs'
import path from 'node:path'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { readConfig as readEmployeesConfig } from '../../../functions/employees/config'
import { readConfig as readWebhookConfig } from '../../../functions/webhook/config'
import { COMPLETE, fillServerless, serverlessText } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

const ROOT = path.join(__dirname, '../../..')
const { actions, resources } = fillServerless(COMPLETE)
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
  const own = readText(`functions/${name}/config.ts`)
  const common = [...own.matchAll(/'\.\.\/\.\.\/(shared\/[\w/]+\/variables)'/g)].map(([, file]) =>
    readText(`${file}.ts`),
  )
  const keys = [own, ...common].flatMap((text) => [...text.matchAll(/^ {2,4}([A-Z][A-Z0-9_]*):/gm)])
  return keys.map(([, key = '']) => key)
}

test.each(functions)('%s: a size that Function Compute takes', (_, props) => {
  const gigabytesPerCpu = props.memorySize / 1024 / props.cpu
  expect(gigabytesPerCpu).toBeGreaterThanOrEqual(1)
  expect(gigabytesPerCpu).toBeLessThanOrEqual(4)
  expect(Number.isInteger(Math.round(props.cpu * 1000) / 50)).toBe(true)
  expect([props.cpu, props.memorySize, props['diskSize']]).toEqual([0.5, 512, 512])
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

test('instances: 10 connections to the database at most, and 30 of the 100 instances that an account has at least', () => {
  const { webhook, employees } = resources
  const instances = [webhook, employees].map(({ props }) => props.concurrencyConfig.reservedConcurrency)
  expect(instances).toEqual([20, 10])
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

import fs from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../../shared/clock'
import { writeEnvFile } from '../../../shared/envFile'
import { accessKey, emulators, type TestEmulator } from '../../support/emulator'
import { runCli } from '../../support/stackProcess'
import { functionTarget } from '../../support/targetEntries'
import { temporaryFolder } from '../../support/temporaryFolder'

const startEmulator = emulators()
const folder = temporaryFolder()
const file = path.join(folder, 'eventbridge.yaml')
const rule = { EventBusName: 'dingtalk', RuleName: 'employees' }
const queue = 'acs:mns:cn-hangzhou:123456789012:/queues/dead'

const yaml = `
EventBusName: dingtalk
EventSources:
  - { EventSourceName: my.dingtalk, Description: From DingTalk }
Rules:
  - RuleName: employees
    FilterPattern: { source: [my.dingtalk] }
    Targets:
      - Id: employees
        Type: acs.fc.function
        Endpoint: acs:fc:\${region}:\${account}:functions/employees
        PushRetryStrategy: EXPONENTIAL_DECAY_RETRY
        DeadLetterQueue: { Arn: "acs:mns:\${region}:\${account}:/queues/dead" }
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`

let emulator: TestEmulator

beforeEach(async () => {
  fs.writeFileSync(file, yaml)
  emulator = await startEmulator({ clock: systemClock })
  emulator.eventBridge.deliver()
})

const account = {
  FC_ACCOUNT_ID: '123456789012',
  FC_REGION_ID: 'cn-hangzhou',
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKey.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKey.accessKeySecret,
}

function provision(...given: (string | { app: Record<string, string> })[]) {
  const args = given.filter((one) => typeof one === 'string')
  const { app } = given.find((one) => typeof one !== 'string') ?? { app: {} }
  return runCli('provision', ['--file', file, ...args], {
    ...account,
    EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${emulator.port}`,
    EVENT_BUS_NAME: 'dingtalk',
    EVENT_SOURCE_NAME: 'my.dingtalk',
    ...app,
  })
}

const targets = async () => (await emulator.call('listTargets', rule))['Targets'] as Record<string, unknown>[]
const buses = async () => {
  const { EventBuses } = await emulator.call('listEventBuses')
  return (EventBuses as { EventBusName: string }[]).map(({ EventBusName }) => EventBusName)
}

test('--plan shows, and changes nothing; then everything is made, and then there is nothing to do', async () => {
  const planned = await provision('--plan')
  expect(planned).toMatchObject({ code: 0, output: expect.stringMatching(/^\+ event bus dingtalk$/m) })
  expect(await buses()).not.toContain('dingtalk')

  const first = await provision()
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining(planned.output.trim()) })
  expect(first.output).toMatch(
    /\ncreated event bus dingtalk\ncreated event source my\.dingtalk\ncreated rule employees\nprobe probe-\S+ published\nrule employees: \[200\]Ok after \d+ ms\nEverything is as the file has it, and the probe came through\.\n$/,
  )
  expect(await targets()).toMatchObject([{ Id: 'employees', DeadLetterQueue: { Arn: queue } }])
  expect(emulator.delivered).toMatchObject([
    { source: 'my.dingtalk', data: { body: { syncAction: 'provision_probe' } } },
  ])

  const second = await provision()
  expect(second).toMatchObject({ code: 0, output: expect.stringMatching(/^no changes$/m) })
  expect(second.output).toMatch(/the probe came through\.\n$/)
  expect(await provision('--plan')).toMatchObject({ code: 0, output: expect.stringMatching(/\nno changes\n$/) })
})

test('what others changed is repaired, and what they added is left alone', async () => {
  await provision('--no-probe')
  const foreign = functionTarget('theirs')
  await emulator.call('updateRule', { ...rule, FilterPattern: '{"source":["x"]}' })
  await emulator.call('disableRule', rule)
  await emulator.call('deleteTargets', { ...rule, TargetIds: ['employees'] })
  await emulator.call('createTargets', { ...rule, Targets: [functionTarget('employees'), foreign] })

  const { code, output } = await provision()
  expect(output).toContain(`~ rule employees
    Status: DISABLE -> ENABLE
    FilterPattern: {"source":["x"]} -> {"source":["my.dingtalk"]}
    ~ target employees
        PushRetryStrategy: BACKOFF_RETRY -> EXPONENTIAL_DECAY_RETRY
        DeadLetterQueue.Arn: (none) -> ${queue}
left alone: target theirs of rule employees, which provision did not make
updated rule employees
`)
  expect(code).toBe(0)
  expect(await targets()).toEqual([
    expect.objectContaining(foreign),
    expect.objectContaining({ Id: 'employees', DeadLetterQueue: { Arn: queue } }),
  ])
  expect(await provision('--plan')).toMatchObject({ output: expect.stringMatching(/^no changes$/m) })
})

test('the probe is an event as the webhook publishes it: of EVENT_SOURCE_NAME, with a subject', async () => {
  const pattern = '{ subject: [{ suffix: eventsource/my.dingtalk }] }'
  fs.writeFileSync(
    file,
    yaml
      .replace('EventSources:', 'EventSources:\n  - { EventSourceName: my.other }')
      .replace('{ source: [my.dingtalk] }', pattern),
  )
  expect(await provision()).toMatchObject({ code: 0, output: expect.stringMatching(/the probe came through\.\n$/) })
  expect(emulator.delivered).toMatchObject([{ source: 'my.dingtalk' }])
})

test('--destroy asks, and deletes what provision made and nothing else', async () => {
  await provision('--no-probe')
  expect(await provision('--destroy')).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^- event bus dingtalk\nNothing was done\. Add --yes/m),
  })
  expect(await provision('--destroy', '--plan')).toMatchObject({ code: 0 })
  expect(await buses()).toContain('dingtalk')

  await emulator.call('createRule', { EventBusName: 'dingtalk', RuleName: 'theirs', FilterPattern: '{}' })
  const kept = await provision('--destroy', '--yes')
  expect(kept).toMatchObject({
    code: 0,
    output: expect.stringContaining('left alone: event bus dingtalk, for rule theirs on it'),
  })
  await expect(emulator.call('getRule', rule)).rejects.toMatchObject({ code: 'EventRuleNotExist' })

  await emulator.call('deleteRule', { EventBusName: 'dingtalk', RuleName: 'theirs' })
  expect((await provision('--destroy', '--yes')).output).toMatch(
    /\n- event bus dingtalk\ndeleted event bus dingtalk\n$/,
  )
  expect(await buses()).not.toContain('dingtalk')
  expect(await provision('--destroy', '--yes')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/\nnothing to delete\n$/),
  })
})

test('a function that s.yaml does not have is told, and nothing else is', async () => {
  const told = 'Mind that target employees of rule employees is the function employees, which s.yaml does not have'
  expect(await provision('--plan')).toMatchObject({ code: 0, output: expect.stringContaining(told) })
  fs.writeFileSync(file, yaml.replace('functions/employees', 'functions/dingtalk-employees'))
  expect(await provision('--plan')).toEqual({ code: 0, output: expect.not.stringContaining('Mind that') })
})

test('--destroy of a stack whose own start made everything: all of it is named, and why', async () => {
  await emulator.call('createEventBus', { EventBusName: 'dingtalk' })
  await emulator.call('v2/createEventSource', { EventBusName: 'dingtalk', EventSourceName: 'my.dingtalk' })
  await emulator.call('createRule', { ...rule, FilterPattern: '{}' })
  const ORIGIN = `http://127.0.0.1:${emulator.port}`
  writeEnvFile(path.join(folder, 'env'), { ORIGIN, EVENTBRIDGE_ENDPOINT: ORIGIN, ...account })
  const { output } = await runCli('provision', ['--local', '--destroy'], { LOCAL_DIR: folder })
  expect(output).toMatch(
    /\nnothing to delete\nleft alone: rule employees, event source my\.dingtalk, event bus dingtalk, which provision did not make\nThe local stack makes .* itself\.\n$/,
  )
})

test('a bus that others made stays theirs', async () => {
  await emulator.call('createEventBus', { EventBusName: 'dingtalk', Description: 'theirs' })
  await provision('--no-probe')
  const { output } = await provision('--destroy', '--yes')
  expect(output).toContain('left alone: event bus dingtalk, which provision did not make')
  expect(await buses()).toContain('dingtalk')
})

test('without a dead-letter queue only with --no-dlq', async () => {
  fs.writeFileSync(file, yaml.replace(/.*DeadLetterQueue.*\n/, ''))
  expect(await provision('--plan')).toMatchObject({
    code: 1,
    output: expect.stringContaining('Target employees of rule employees has no DeadLetterQueue'),
  })
  expect(await provision('--no-dlq', '--no-probe')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/\nEverything is as the file has it\. No probe was sent\.\n$/),
  })
  expect((await targets())[0]).not.toHaveProperty('DeadLetterQueue')
})

test('either form of an endpoint', async () => {
  await provision('--no-probe', '--endpoint-form', 'services/people')
  expect((await targets())[0]).toMatchObject({
    Endpoint: 'acs:fc:cn-hangzhou:123456789012:services/people.LATEST/functions/employees',
  })
  await provision('--no-probe', '--endpoint-form', 'functions')
  expect((await targets())[0]).toMatchObject({ Endpoint: 'acs:fc:cn-hangzhou:123456789012:functions/employees' })
})

test.each<[string, string[], RegExp]>([
  ['a file that is not there', ['--file', 'nowhere.yaml'], /^nowhere\.yaml cannot be read \(ENOENT\)\..*\n$/],
  [
    'nobody at the endpoint',
    ['--endpoint', 'http://127.0.0.1:1'],
    /\nNo connection to 127\.0\.0\.1:1 \(ECONNREFUSED\).*\n$/,
  ],
])('%s is told in a line', async (_, args, reason) => {
  expect(await provision(...args)).toMatchObject({ code: 1, output: expect.stringMatching(reason) })
})

describe('rules for a function that is deployed with DINGTALK_APP_KEY alone', () => {
  const key = 'dingkeythatnobodyprints'
  const ofEnrich = { EventBusName: 'dingtalk', RuleName: 'enrich' }
  const withRule = `${yaml}
  - RuleName: enrich
    FilterPattern: { source: [my.dingtalk], data: { body: { EventType: [user_add_org] } } }
    Targets:
      - Id: enrich
        Type: acs.fc.function
        Endpoint: acs:fc:\${region}:\${account}:functions/dingtalk-enrich
        DeadLetterQueue: { Arn: "acs:mns:\${region}:\${account}:/queues/dead" }
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`
  const rules = async () =>
    ((await emulator.call('listRules', { EventBusName: 'dingtalk' }))['Rules'] as { RuleName: string }[])
      .map(({ RuleName }) => RuleName)
      .sort()
  const run = (app: Record<string, string>, ...args: string[]) => provision({ app }, ...args)

  beforeEach(() => fs.writeFileSync(file, withRule))

  test('without it they are not made, and nothing is said of them', async () => {
    const { code, output } = await run({}, '--no-probe')
    expect(code).toBe(0)
    expect(output).not.toMatch(/enrich|DINGTALK_APP/)
    expect(await rules()).toEqual(['employees'])
  })

  test('with it they are made; without it later they are left as they are, until they leave the file', async () => {
    const made = await run({ DINGTALK_APP_KEY: key }, '--no-probe')
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^created rule enrich$/m) })
    expect(await rules()).toEqual(['employees', 'enrich'])

    const note = 'left alone: target enrich of rule enrich, which is made with DINGTALK_APP_KEY alone'
    for (const empty of [{}, { DINGTALK_APP_KEY: '' }]) {
      const { output } = await run(empty, '--plan')
      expect(output).toContain(`no changes\n${note}`)
    }
    await emulator.call('disableRule', ofEnrich)
    expect(await run({}, '--no-probe')).toMatchObject({ code: 0, output: expect.stringContaining(note) })
    expect(await rules()).toEqual(['employees', 'enrich'])

    fs.writeFileSync(file, yaml)
    expect(await run({}, '--no-probe')).toMatchObject({ output: expect.stringMatching(/^deleted rule enrich$/m) })
    expect(await rules()).toEqual(['employees'])
    expect(made.output).not.toContain(key)
  })

  test('nor is what a run that was cut off has left to deliver', async () => {
    await run({ DINGTALK_APP_KEY: key }, '--no-probe')
    const { Targets } = await emulator.call('listTargets', ofEnrich)
    const [target] = Targets as object[]
    await emulator.call('createTargets', { ...ofEnrich, Targets: [{ ...target, Id: 'enrich-stand-in' }] })
    await emulator.call('deleteTargets', { ...ofEnrich, TargetIds: ['enrich'] })
    const left = 'left alone: target enrich of rule enrich'
    expect(await run({}, '--no-probe')).toMatchObject({ code: 0, output: expect.stringContaining(left) })
    expect(await rules()).toEqual(['employees', 'enrich'])
    await run({ DINGTALK_APP_KEY: key }, '--no-probe')
    const { Targets: mended } = await emulator.call('listTargets', ofEnrich)
    expect(mended).toEqual([expect.objectContaining({ Id: 'enrich' })])
  })

  test('--destroy deletes them, too, with it or without it', async () => {
    await run({ DINGTALK_APP_KEY: key }, '--no-probe')
    expect(await run({}, '--destroy', '--yes')).toMatchObject({
      output: expect.stringMatching(/^deleted rule enrich$/m),
    })
    expect(await buses()).not.toContain('dingtalk')
  })
})

describe('a rule whose address and secret are variables', () => {
  // 127.0.0.1, as this emulator sends nowhere else
  const robot = {
    DINGTALK_ROBOT_URL: 'http://127.0.0.1:1/robot/send?access_token=hush',
    DINGTALK_ROBOT_SECRET: 'SEChush',
  }
  const onBus = { EventBusName: 'dingtalk', RuleName: 'welcome' }
  const withRule = (Status: string) => `${yaml}
  - RuleName: welcome
    Status: ${Status}
    FilterPattern: { source: [my.dingtalk], data: { body: { EventType: [user_add_org] } } }
    Targets:
      - Id: robot
        Type: acs.dingtalk
        Endpoint: \${DINGTALK_ROBOT_URL}
        DeadLetterQueue: { Arn: "acs:mns:\${region}:\${account}:/queues/dead" }
        ParamList:
          - { ResourceKey: URL, Form: CONSTANT, Value: "\${DINGTALK_ROBOT_URL}" }
          - { ResourceKey: SecretKey, Form: CONSTANT, Value: "\${DINGTALK_ROBOT_SECRET}" }
          - { ResourceKey: Body, Form: CONSTANT, Value: '{"msgtype":"text","text":{"content":"welcome"}}' }
`
  const run = (app: Record<string, string>, ...args: string[]) => provision({ app }, ...args)

  test('disabled and without them it is not made, and nothing is said of it', async () => {
    fs.writeFileSync(file, withRule('DISABLE'))
    const { code, output } = await run({}, '--no-probe')
    expect([code, output]).toEqual([0, expect.not.stringMatching(/welcome|ROBOT/)])
  })

  test('enabled and without them nothing is done, and what to do is said', async () => {
    fs.writeFileSync(file, withRule('ENABLE'))
    const { code, output } = await run({ DINGTALK_ROBOT_URL: robot.DINGTALK_ROBOT_URL }, '--no-probe')
    expect([code, output]).toEqual([1, expect.stringContaining('${DINGTALK_ROBOT_SECRET} has no value: set')])
    expect(output).not.toContain('hush')
    expect(await buses()).not.toContain('dingtalk')
  })

  test('with them it is made, and neither is shown; another secret is brought there; without them it is left', async () => {
    fs.writeFileSync(file, withRule('ENABLE'))
    const made = await run(robot, '--no-probe')
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^created rule welcome$/m) })
    const secretOf = async () => {
      const { Targets } = await emulator.call('listTargets', onBus)
      return JSON.stringify(Targets).match(/"SecretKey","Form":"CONSTANT","Value":"(\w+)"/)?.[1]
    }
    expect(await secretOf()).toBe('SEChush')
    const changed = await run({ ...robot, DINGTALK_ROBOT_SECRET: 'SEChushhush' }, '--no-probe')
    expect(changed.output).toMatch(/^ +ParamList.SecretKey: \(not shown\) -> \(not shown\)$/m)
    expect(await secretOf()).toBe('SEChushhush')
    expect(made.output + changed.output).not.toContain('hush')

    fs.writeFileSync(file, withRule('DISABLE'))
    const left =
      'left alone: target robot of rule welcome, which is made with DINGTALK_ROBOT_URL alone, and goes on without it. To end it, delete it from the file.'
    expect((await run({}, '--plan')).output).toContain(`no changes\n${left}`)
    expect((await run(robot, '--no-probe')).output).toMatch(/^updated rule welcome$/m)
  })
})

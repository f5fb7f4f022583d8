import { setTimeout as sleep } from 'node:timers/promises'
import { createEventBridgeApi } from '../../../cli/provision/eventBridgeApi'
import { printPlan } from '../../../cli/provision/plan'
import { planChanges } from '../../../cli/provision/planChanges'
import { readBus } from '../../../cli/provision/readBus'
import type { State } from '../../../cli/provision/state'
import { accessKey, emulators } from '../../support/emulator'

const startEmulator = emulators()

const queue = { DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:123456789012:/queues/dead' } }
const target = (Id: string, fields = {}) => ({
  Id,
  Type: 'acs.fc.function',
  Endpoint: `acs:fc:cn-hangzhou:123456789012:functions/${Id}`,
  ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
  ...fields,
})
const state = (...Targets: ReturnType<typeof target>[]): State => ({
  sources: [],
  rules: [{ RuleName: 'r', Description: '', Status: 'ENABLE', FilterPattern: '{"source":["s"]}', Targets }],
})

/** One target changed, one new, one gone: every kind of call. */
const before = state(target('changed'), target('gone'))
const after = state(target('changed', queue), target('new', queue))

async function setUp() {
  const emulator = await startEmulator()
  const api = createEventBridgeApi(new URL(`http://127.0.0.1:${emulator.port}`), accessKey, sleep)
  const plan = async (wanted: State) => planChanges('bus', wanted, await readBus(api, 'bus', ['r']))
  const callsFor = async (wanted: State) => (await plan(wanted)).changes.flatMap(({ calls }) => calls)
  const targets = async () => {
    const { Targets } = await api.call('listTargets', { EventBusName: 'bus', RuleName: 'r' })
    return (Targets as { Id: string }[]).map(({ Id }) => Id).sort()
  }
  const make = async (calls: Awaited<ReturnType<typeof callsFor>>) => {
    for (const { operation, body } of calls) await api.call(operation, body)
  }
  await make(await callsFor(before))
  return { api, plan, callsFor, make, targets }
}

test('a run that is cut off after any of its calls is brought to its end by the next', async () => {
  const { callsFor } = await setUp()
  const { length } = await callsFor(after)
  expect(length).toBe(8)
  for (let made = 0; made < length; made++) {
    const { plan, callsFor, make, targets } = await setUp()
    await make((await callsFor(after)).slice(0, made))
    await make(await callsFor(after))
    expect(await targets()).toEqual(['changed', 'new'])
    expect(printPlan(await plan(after))).toBe('no changes')
    await make(await callsFor({ sources: [], rules: [] }))
    await expect(targets()).rejects.toMatchObject({ code: 'EventRuleNotExist' })
  }
})

test('a rule is never without a target while one is replaced', async () => {
  const { api, callsFor, targets } = await setUp()
  for (const { operation, body } of await callsFor(state(target('changed', queue)))) {
    await api.call(operation, body)
    expect(await targets()).not.toEqual([])
  }
})

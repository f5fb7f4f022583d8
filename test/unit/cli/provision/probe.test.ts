import { probe } from '../../../../cli/provision/probe'
import type { State } from '../../../../cli/provision/state'
import { rule, target, wanted } from './states'

type Trace = Record<string, unknown>

const ok = (RuleName = 'employees'): Trace => ({ RuleName, NotifyStatus: '[200]Ok', NotifyLatency: 7 })
const failed: Trace = { RuleName: 'employees', NotifyStatus: '[404]no such function', NotifyLatency: 3 }

const source = { name: 'my.dingtalk', busName: 'bus', region: 'cn-hangzhou', accountId: '1234' }

/**
 * EventBridge as a probe sees it, and a clock that stands still unless the probe sleeps.
 * @param tracesOf what the trace shows of the nth probe, so many milliseconds after it was published
 */
function run(state: State, tracesOf: (probe: number, age: number) => Trace[], entry: object = {}) {
  let now = 0
  const published: { id: string; at: number; event: Record<string, unknown> }[] = []
  const lines: string[] = []
  const done = probe(source, state.rules, {
    now: () => now,
    sleep: async (ms) => {
      now += ms
    },
    report: (line) => lines.push(line),
    api: {
      async call(operation, body) {
        if (operation === 'putEvents') {
          const [event] = body as [Record<string, unknown>]
          published.push({ id: String(event['id']), at: now, event })
          return { FailedEntryCount: 0, EntryList: [entry] }
        }
        const index = published.findIndex(({ id }) => id === (body as { EventId: string }).EventId)
        return { EventTraceList: [{ Action: 'PutEvent' }, ...tracesOf(index, now - (published[index]?.at ?? 0))] }
      },
    },
  })
  return { done, published, lines }
}

test('an event of the file, which no mapping knows, is seen delivered', async () => {
  const { done, published, lines } = run(wanted, (_, age) => (age < 3_000 ? [] : [ok()]))
  await done
  expect(published[0]?.event).toMatchObject({
    source: 'my.dingtalk',
    type: 'eventbridge:Events:HTTPEvent',
    aliyuneventbusname: 'bus',
    data: { body: { syncAction: 'provision_probe' } },
  })
  expect(lines).toEqual([expect.stringMatching(/^probe probe-\S+ published$/), 'rule employees: [200]Ok after 7 ms'])
})

test('a new rule that sees events only after a while gets another probe', async () => {
  const { done, published } = run(wanted, (index) => (index === 1 ? [ok()] : []))
  await done
  expect(published.map(({ at }) => at)).toEqual([0, 20_000])
})

const twoTargets = { ...wanted, rules: [rule({ Targets: [target('a'), target('b')] })] }
const twoRules = { ...wanted, rules: [rule(), rule({ RuleName: 'second' })] }

test.each<[string, State, Trace[], string]>([
  ['nothing is seen', wanted, [], 'The event trace shows no delivery of it.'],
  ['the target fails', wanted, [failed], 'rule employees: [404]no such function after 3 ms'],
  ['one target of two took it', twoTargets, [ok()], 'rule employees: [200]Ok after 7 ms'],
  ['one rule of two took it', twoRules, [ok(), ok()], 'rule employees: [200]Ok after 7 ms'],
])('%s: no success, and what was seen', async (_, state, traces, seen) => {
  const { done } = run(state, () => traces)
  await expect(done).rejects.toThrow(`The probe did not come through within 120 s. ${seen}`)
})

test('every target of every rule has to take it', async () => {
  await run(twoTargets, () => [failed, ok(), ok()]).done
  await run(twoRules, () => [ok(), ok('second')]).done
})

test.each([
  '{"subject":[{"prefix":"acs:eventbridge:cn-hangzhou:1234:eventbus/bus/"}]}',
  '{"subject":[{"suffix":":eventbus/bus/eventsource/my.dingtalk"}]}',
  '{"time":[{"suffix":"+08:00"}]}',
  '{"data":{"path":["/webhook/putEvents"],"headers":{"Content-Type":["application/json"]}}}',
])('a rule that takes what the webhook publishes takes the probe: %s', async (FilterPattern) => {
  const { done, published } = run({ ...wanted, rules: [rule({ FilterPattern })] }, () => [ok()])
  await done
  expect(published).toHaveLength(1)
})

test.each<[string, State]>([
  ['is disabled', { ...wanted, rules: [rule({ Status: 'DISABLE' })] }],
  ['takes other events', { ...wanted, rules: [rule({ FilterPattern: '{"source":["x"]}' })] }],
])('a rule that %s cannot be probed', async (_, state) => {
  const { done, published } = run(state, () => [])
  await expect(done).rejects.toThrow('No enabled rule of the file takes an event of my.dingtalk')
  expect(published).toEqual([])
})

test('a probe that EventBridge refuses', async () => {
  const { done } = run(wanted, () => [], { ErrorCode: 'EventBusNotExist' })
  await expect(done).rejects.toThrow('EventBridge refused the probe: EventBusNotExist.')
})

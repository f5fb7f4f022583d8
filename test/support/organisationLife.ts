import { enrich } from '../../functions/enrich/enrich'
import { publishFailedPushes } from '../../functions/reconcile/failedPushes'
import { type ReconcileSummary, reconcile } from '../../functions/reconcile/reconcile'
import { createCallbacks } from '../../local/dingtalk/callbacks'
import { createCalls } from '../../local/dingtalk/calls/calls'
import { type Access, createDirectory, FULL_ACCESS } from '../../local/dingtalk/directory'
import { type PushedEvent, pushedEvent } from '../../local/dingtalk/events'
import { NO_FAULTS } from '../../local/dingtalk/faults'
import { inventOrganisation } from '../../local/dingtalk/inventOrganisation'
import type { FailedCallback } from '../../local/dingtalk/keepOrganisation'
import type { Organisation } from '../../local/dingtalk/organisation'
import { createDirectoryEvents } from '../../shared/dingtalk/directory/events'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { HTTP_EVENT } from '../../shared/eventbridge/cloudEvent'
import { parseCloudEvents } from '../../shared/eventbridge/parseCloudEvents'
import { createPublisher } from '../../shared/eventbridge/publisher'
import type { Random } from '../../shared/seededRandom'
import { callbackEnvironment, callbackRequest } from './callback'
import { directoryInProcess } from './directoryInProcess'
import { keptLog } from './logs'
import { act } from './organisationActs'
import { virtualTime } from './virtualTime'
import { acceptAll, setUpWebhook } from './webhook'

export const CORP = 'dingcorp'
const SOURCE = { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' }
const MINUTE_MS = 60_000
/** A webhook takes no older signature; DingTalk signs anew what it sends again. */
const LATE_CALLBACK_MS = 50 * MINUTE_MS
const LATE_DELIVERY_MS = 180 * MINUTE_MS

interface Options {
  random: Random
  people: number
  access?: Partial<Access>
  /** what a rule delivers to employees */
  store(event: Buffer, now: number): Promise<void>
  /** after everything that happens */
  watch(life: Life): Promise<void>
}

/** An organisation, those who tell of it, and the time. */
export interface Life {
  organisation: Organisation
  now(): number
  /** since when somebody, or a department, has been there without a break; undefined for whom is not there */
  hereSince(kind: 'user' | 'department', id: string): number | undefined
  /** Something happens in the organisation, and DingTalk calls back. */
  act(): Promise<void>
  /** Time passes, and what falls due in it happens. */
  pass(ms: number): Promise<void>
  /** @param busy how many in a hundred calls find that something has happened meanwhile */
  walk(busy: number): Promise<ReconcileSummary>
  publishFailed(): Promise<void>
  /** Everything arrives. */
  end(): Promise<void>
}

const START = Date.parse('2026-01-05T01:00:00Z')
const in100 = (random: Random, percent: number) => random.below(100) < percent

/**
 * The real functions around an organisation that changes: 3 % of the callbacks are dropped, of which DingTalk lists half as
 * failed, 3 % come twice, 3 % late; of what changes under a walk half. Deliveries of the event bus come late and twice,
 * too. In one process, on a time that does not wait.
 */
export function organisationLife({ random, people, access = {}, store, watch }: Options): Life {
  const time = virtualTime(START)
  const { clock } = time
  const organisation = inventOrganisation(people, random.below(2 ** 31), START)
  const since = {
    user: new Map([...organisation.people.keys()].map((id) => [id, 0])),
    department: new Map([...organisation.departments.keys()].map((id) => [id, 0])),
  }
  // one of those who left is back
  for (const { userid, at } of organisation.leavers) if (since.user.has(userid)) since.user.set(userid, at + 1)
  const failed: FailedCallback[] = []
  const unheard = createCallbacks({
    stream: { isHeld: () => false, push: async () => false },
    target: undefined,
    kept: { failed, fail: (one) => failed.push(one), forgetFailed: (count) => failed.splice(0, count) },
    faults: () => NO_FAULTS,
    random: () => 0.5,
    clock,
  })
  const directory = createDirectory(organisation, () => ({ ...FULL_ACCESS, ...access }))
  const calls = createCalls(unheard.takeFailed)
  const webhook = setUpWebhook(callbackEnvironment, publishAll, clock.now)
  let busyWalk = 0
  let turn = Promise.resolve()

  const life: Life = {
    organisation,
    now: clock.now,
    hereSince: (kind, id) => since[kind].get(id),
    act: happen,
    pass: time.pass,
    async walk(busy) {
      busyWalk = busy
      const tools = toolsOf(inWalk)
      const summary = await reconcile({ ...tools, now: clock.now, log: keptLog() })
      busyWalk = 0
      return summary
    },
    publishFailed: async () =>
      void (await publishFailedPushes(
        toolsOf(() => time.pass(50)),
        keptLog(),
      )),
    end: time.end,
  }
  return life

  function toolsOf(onItsWay: () => Promise<void>): Tools {
    return {
      directory: directoryInProcess({ calls, organisation: directory, now: clock.now, onItsWay }),
      events: createDirectoryEvents(SOURCE, CORP, [], clock.now),
      publisher: createPublisher(publishAll, clock),
    }
  }

  /** Calls that are under way at once take their turns. */
  function inWalk(): Promise<void> {
    turn = turn.then(async () => {
      await time.pass(1 + random.below(300))
      if (in100(random, busyWalk)) await happen()
      await time.pass(1 + random.below(300))
    })
    return turn
  }

  async function happen(): Promise<void> {
    // no two things at one time: who was first would be open
    await time.pass(1)
    const happening = act(organisation, random, clock.now())
    if (happening === undefined) return
    for (const change of happening.changes) {
      organisation.apply(change)
      if ('person' in change) here('user', change.person.userid)
      else if ('leaver' in change) since.user.delete(change.leaver.userid)
      else if ('department' in change) here('department', change.department.id)
      else since.department.delete(change.removedDepartment)
    }
    for (const [type, details] of happening.events) callBack(pushedEvent(type, CORP, clock.now(), details))
    await time.pass(1)
    await watch(life)
  }

  function here(kind: 'user' | 'department', id: string): void {
    if (!since[kind].has(id)) since[kind].set(id, clock.now())
  }

  function callBack(event: PushedEvent): void {
    // a walk has to hold by itself: of half of what changes under it nobody ever hears
    if (busyWalk > 0 && in100(random, 50)) return
    const fate = random.below(100)
    if (fate === 0 || (fate === 1 && random.below(2) === 0)) unheard.push(event)
    if (fate < 3) return
    const push = async () => {
      await webhook.post(callbackRequest(event.json, { at: clock.now() }))
    }
    time.later(random.below(2_000), push)
    if (fate < 6) time.later(random.below(LATE_CALLBACK_MS), push)
    if (fate < 9) time.later(random.below(LATE_CALLBACK_MS), push)
  }

  /** The event bus: to the one target of a rule, or to both. */
  function publishAll(events: readonly string[]) {
    for (const json of events) {
      deliver(() => store(Buffer.from(json), clock.now()))
      if (json.includes(HTTP_EVENT)) deliver(() => fill(Buffer.from(json)))
    }
    return acceptAll(events)
  }

  function deliver(target: () => Promise<void>): void {
    const happens = async () => {
      await target()
      await watch(life)
    }
    time.later(in100(random, 3) ? random.below(LATE_DELIVERY_MS) : random.below(3_000), happens)
    if (in100(random, 3)) time.later(random.below(LATE_DELIVERY_MS), happens)
  }

  async function fill(event: Buffer): Promise<void> {
    await enrich(parseCloudEvents(event), { ...toolsOf(() => time.pass(50)), corpId: CORP, isLate: () => false })
  }
}

import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { EventInvalid } from '../../shared/eventbridge/errors'
import { setAside } from '../../shared/eventbridge/publisher'
import type { LogFields, Logger } from '../../shared/logging'
import { type Ids, listAgain } from './listAgain'
import { readOrganisation, readScope } from './readOrganisation'
import { rangesOf } from './rosters'
import { attempt, type Walk } from './walk'

/** Those who left before are told of by earlier runs; a month and some days bridge a function that stood still. */
const LEAVERS_MS = 35 * 86_400_000

export interface ReconcileDependencies extends Omit<Walk, 'tally'> {
  /** milliseconds since 1970 */
  now(): number
  log: Logger
}

/** What a walk found. Numbers are counts. */
export type ReconcileSummary = LogFields & {
  /** whether the rosters were published, too */
  outcome: 'walked' | 'withheld'
  departments: number
  people: number
  /** events that EventBridge took */
  published: number
  leavers: number
  /** people that the app may not see, and departments, as far as it was told of them */
  outOfScope: number
  /** calls whose answer DingTalk would not give, or that nobody can read */
  unreadable: number
  /** fewer people than DingTalk counts */
  shortfall: number
  rosters: number
  /** why there are no rosters */
  withheld: string | undefined
}

/**
 * Walks the organisation and publishes who and what is there, as snapshots, and when it has seen all of it, the lists of all
 * ids, as rosters: by these employees finds out who is not there any more. It keeps nothing, and may be ended at any moment.
 * @throws DingtalkError when DingTalk cannot be reached, or an operator has to act first; EventBridgeUnavailable
 */
export async function reconcile({ now, log, ...dependencies }: ReconcileDependencies): Promise<ReconcileSummary> {
  const walk: Walk = { ...dependencies, tally: { leavers: new Set(), outOfScope: new Set(), unreadable: [] } }
  const { directory, publisher, tally } = walk
  const startedAt = now()

  await publishLeavers(walk, startedAt, log)
  const scope = await readScope(walk)
  const first = await readOrganisation(scope, walk)
  const countPeople = () => attempt(walk, () => directory.countPeople())
  const countBefore = await countPeople()
  const ids = await listAgain(scope, first, walk)
  const count = await countPeople()
  const shortfall = Math.max(0, (count ?? 0) - ids.people.size)
  // whoever leaves after being listed stands, in the count of later, in the place of somebody who was missed twice
  const mayMiss = (countBefore ?? 0) > ids.people.size
  // nobody was counted where people were found: the count, as a list, is empty when a permission is lost
  if (count === 0 || countBefore === 0) tally.unreadable.push('CountOfNobody')
  const withheld = reasonToWithhold(tally.unreadable, shortfall, mayMiss)
  const rosters = withheld === undefined ? await publishRosters(walk, ids, startedAt) : 0
  await publisher.flush()
  const refused = setAside(publisher)
  if (refused !== undefined) log.error(refused)
  return {
    outcome: withheld === undefined ? 'walked' : 'withheld',
    departments: first.departments.size,
    people: first.people.size,
    published: publisher.published(),
    leavers: tally.leavers.size,
    outOfScope: tally.outOfScope.size,
    unreadable: tally.unreadable.length,
    shortfall,
    rosters,
    withheld,
  }
}

/** Whoever was not seen must not be taken for a leaver. */
function reasonToWithhold(unreadable: readonly string[], shortfall: number, mayMiss: boolean): string | undefined {
  if (unreadable.length > 0) return `not everything could be read (${[...new Set(unreadable)].slice(0, 5).join(' ')})`
  if (shortfall > 0) return 'DingTalk counts more people than it shows'
  return mayMiss ? 'people left while they were listed' : undefined
}

/** DingTalk's own list of who left and when is a better witness than an absence. Without the permission it does without. */
async function publishLeavers(walk: Walk, startedAt: number, log: Logger): Promise<void> {
  try {
    for await (const records of walk.directory.leaveRecords(startedAt - LEAVERS_MS, startedAt)) {
      for (const { userId } of records) walk.tally.leavers.add(userId)
      // a time to come would win over whatever is read of somebody who is back
      const leftBy = (leftAt: number) => Math.min(leftAt, startedAt)
      await walk.publisher.add(records.map(({ userId, leftAt }) => walk.events.gone('user', userId, leftBy(leftAt))))
    }
  } catch (error) {
    if (!(error instanceof DingtalkError) || error.reaction === 'later') throw error
    log.error({ outcome: 'no_leave_records', code: error.code, detail: error.message })
  }
}

async function publishRosters({ events, publisher }: Walk, ids: Ids, startedAt: number): Promise<number> {
  const people = rangesOf(ids.people).map((range) => events.roster('user', range, startedAt))
  const departments = rangesOf(ids.departments).map((range) => events.roster('department', range, startedAt))
  await publisher.flush()
  const refusedBefore = publisher.refused().length
  await publisher.add([...departments, ...people])
  await publisher.flush()
  const code = publisher.refused()[refusedBefore]
  if (code !== undefined) throw new EventInvalid(code, `EventBridge refuses a roster (${code})`)
  return departments.length + people.length
}

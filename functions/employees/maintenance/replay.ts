import { type Database, selectRows } from '../../../shared/database'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import type { FcContext } from '../../../shared/fc/types'
import type { Mapping } from '../../../shared/mapping/mapping'
import type { Defaults } from '../../../shared/mapping/readKeys'
import { tellIds } from '../../../shared/tellIds'
import { UserError } from '../../../shared/userError'
import { BRAKED, findAbsentees } from '../applyRoster'
import { readRoster } from '../readRoster'
import { type Action, Interrupted, type Toolbox } from './action'
import { codeFor, toldWith } from './confirmation'

/** What is left for the answer, and for the letter under way. */
const RESERVE_MS = 5_000

/**
 * `{"maintenance":"replay"}`: the dead letters go the way of a delivery again, the oldest first, until all were tried or
 * the time is up. One is deleted only once its event is stored, so that after a crash in between it is tried again, which
 * is harmless. Its reason is marked before: one that is refused again is buried anew by the delivery, which gives the
 * letter its new reason in place of the mark, or makes new ones of it, in whose favour it goes.
 *
 * `{"maintenance":"replay","allowLeavers":37}` lets rosters through that mark so many as left, at most. That is no thing
 * for a stranger to ask for: the first invocation only tells which rosters wait, and the code that the second one needs.
 *
 * `{"maintenance":"replay","plan":true}` replays nothing, and names whom each of these rosters takes for gone.
 */
export const replay: Action = {
  keys: ['allowLeavers', 'confirm', 'plan'],
  grants: (table) => `SELECT, INSERT and UPDATE on ${table} and dead_letters, and DELETE on dead_letters`,
  async run({ allowLeavers, confirm, plan }, toolbox, context) {
    const built = toolbox.instance()
    if (plan !== undefined) {
      if (plan !== true || allowLeavers !== undefined || confirm !== undefined) throw new UserError(PLAN_ALONE)
      return tellWaiting(await brakedLetters(built.database), toolbox)
    }
    if (allowLeavers === undefined) {
      if (confirm !== undefined) throw new UserError('confirm goes with allowLeavers.')
      return replayAll(toolbox, context)
    }
    const most = readMost(allowLeavers)
    const action = `replay ${most}`
    if (confirm === undefined) {
      const waiting = (await brakedLetters(built.database)).map(({ reason }) => reason)
      if (waiting.length === 0) return NONE_WAITS
      return [...waiting, NAMES, howToLetThrough(most, codeFor(built, action, waiting, toolbox.now()))].join('\n')
    }
    if (toldWith(built, action, confirm, toolbox.now()) === undefined) throw new UserError(noSuchCode(most))
    return replayAll(toolbox, context, most)
  },
}

async function replayAll({ instance, remainingMs, now }: Toolbox, context: FcContext, allowLeavers = 0) {
  const { database, deliver } = instance()
  const { found, last } = await extent(database)
  const counts = { stored: 0, ignored: 0, refused: 0 }
  const report = () => tell(counts, found)
  try {
    let letter = await nextLetter(database, 0, last)
    while (letter !== undefined && remainingMs() >= RESERVE_MS) {
      const mark = replayMark(letter.reason, now())
      await database.execute('UPDATE dead_letters SET reason = ? WHERE id = ?', [mark, letter.id])
      const summary = await deliver(Buffer.from(letter.event), context, allowLeavers)
      counts[summary.deadLettered > 0 ? 'refused' : summary.stored > 0 ? 'stored' : 'ignored']++
      await database.execute('DELETE FROM dead_letters WHERE id = ? AND reason = ?', [letter.id, mark])
      letter = await nextLetter(database, letter.id, last)
    }
  } catch (cause) {
    throw new Interrupted(report(), { cause })
  }
  return report()
}

function readMost(value: unknown): number {
  const isText = typeof value === 'string' || typeof value === 'number'
  if (isText && /^[1-9]\d{0,8}$/.test(String(value))) return Number(value)
  throw new UserError('allowLeavers takes a whole number, at least 1: how many one roster may mark as left.')
}

const NONE_WAITS = 'No roster waits in dead_letters: there is nothing to let through.'
const NAMES = 'Who they are, also from within a VPC: {"maintenance":"replay","plan":true}'
const PLAN_ALONE = 'plan takes true, and nothing beside it.'

/** Their reasons have numbers and nobody's id. */
async function brakedLetters(database: Database): Promise<{ reason: string; event: string }[]> {
  const sql = 'SELECT reason, event FROM dead_letters WHERE reason LIKE ? ORDER BY id LIMIT 100'
  const rows = await selectRows(database, sql, [`%${BRAKED} %`])
  return rows.map((row) => ({ reason: withoutMark(String(row['reason'])), event: String(row['event']) }))
}

/** Whom they would mark as the table is now, which may be others than when they were stopped. */
async function tellWaiting(waiting: readonly { reason: string; event: string }[], toolbox: Toolbox): Promise<string> {
  const { mapping, instance, now } = toolbox
  const { database, config } = instance()
  const defaults = { DINGTALK_CORP_ID: config.DINGTALK_CORP_ID }
  const lines: string[] = []
  for (const { reason, event } of waiting) {
    const leavers = await leaversOf(event, { mapping, defaults, now: now() }, database)
    const names = leavers.length === 0 ? ['It would mark nobody by now.'] : tellIds('It would mark', leavers)
    lines.push(reason, ...names)
  }
  return lines.length === 0 ? NONE_WAITS : lines.join('\n')
}

async function leaversOf(
  text: string,
  { mapping, defaults, now }: { mapping: Mapping; defaults: Defaults; now: number },
  database: Database,
): Promise<string[]> {
  const [event] = parseCloudEvents(Buffer.from(text)).events
  const roster = event && readRoster(event, mapping, defaults, now)
  return roster === undefined || 'faults' in roster ? [] : (await findAbsentees(roster, mapping, database)).leavers
}

function howToLetThrough(most: number, code: string): string {
  return `Nothing is replayed yet. Within ten minutes: {"maintenance":"replay","allowLeavers":${most},"confirm":"${code}"}`
}

function noSuchCode(most: number): string {
  return (
    `Nothing is replayed: this instance of the function has told no such code for ${most} leavers in the last ten minutes. ` +
    'Each has codes of its own: leave confirm out to get one of this one, and use it at once.'
  )
}

/** How many letters there are, and up to which one: those that come meanwhile are left for another time. */
async function extent(database: Database): Promise<{ found: number; last: number }> {
  const [row] = await selectRows(database, 'SELECT COUNT(*) AS found, MAX(id) AS last FROM dead_letters')
  return { found: Number(row?.['found']), last: Number(row?.['last']) }
}

async function nextLetter(database: Database, after: number, last: number) {
  const sql = 'SELECT id, reason, event FROM dead_letters WHERE id > ? AND id <= ? ORDER BY id LIMIT 1'
  const [row] = await selectRows(database, sql, [after, last])
  return row && { id: Number(row['id']), reason: String(row['reason']), event: String(row['event']) }
}

function tell({ stored, ignored, refused }: Record<'stored' | 'ignored' | 'refused', number>, found: number): string {
  const left = Math.max(0, found - stored - ignored - refused)
  return [
    `${found} dead letters: ${stored} stored, ${ignored} not about an employee (these are deleted),`,
    `${refused} refused again, ${left} left${left > 0 ? ' for the next invocation' : ''}.`,
  ].join(' ')
}

const MARK = /^(replayed \S+Z: )+/

/** The reason of a letter that is on its way again: who buries its event anew writes another, so the two can be told apart. */
export function replayMark(reason: string, now: number): string {
  return `replayed ${new Date(now).toISOString()}: ${withoutMark(reason)}`.slice(0, 255)
}

/** The reason as it was; a replay that was broken off has left its mark there. */
export function withoutMark(reason: string): string {
  return reason.replace(MARK, '')
}

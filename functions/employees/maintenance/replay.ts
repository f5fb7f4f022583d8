import { type Database, selectRows } from '../../../shared/database'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import type { FcContext } from '../../../shared/fc/types'
import type { Mapping } from '../../../shared/mapping/mapping'
import type { Defaults } from '../../../shared/mapping/readKeys'
import { quote } from '../../../shared/mapping/tables'
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
 * letter its new reason in place of the mark, or makes new ones of it, in whose favour it goes. A letter goes to its own
 * table alone; where mapping.yaml has that no more, it stays.
 *
 * `{"maintenance":"replay","allowLeavers":37}` lets rosters through that mark so many as left, at most. That is no thing
 * for a stranger to ask for: the first invocation only tells which rosters wait, and the code that the second one needs.
 *
 * `{"maintenance":"replay","plan":true}` replays nothing, and names whom each of these rosters takes for gone.
 */
export const replay: Action = {
  keys: ['allowLeavers', 'confirm', 'plan'],
  grants: (tables) => `SELECT, INSERT and UPDATE on ${tables} and dead_letters, and DELETE on dead_letters`,
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

async function replayAll({ mappings, instance, remainingMs, now }: Toolbox, context: FcContext, allowLeavers = 0) {
  const { database, deliver } = instance()
  const tables = mappings.map(({ table }) => table)
  const { found, last, others } = await extent(database, tables)
  const counts = { stored: 0, ignored: 0, refused: 0 }
  const report = () => tell(counts, found, others)
  try {
    let letter = await nextLetter(database, tables, 0, last)
    while (letter !== undefined && remainingMs() >= RESERVE_MS) {
      const mark = replayMark(letter.reason, now())
      await database.execute('UPDATE dead_letters SET reason = ? WHERE id = ?', [mark, letter.id])
      const summary = await deliver(Buffer.from(letter.event), context, {
        allowLeavers,
        ...(letter.table !== '' && { table: letter.table }),
      })
      counts[summary.deadLettered > 0 ? 'refused' : summary.stored > 0 ? 'stored' : 'ignored']++
      await database.execute('DELETE FROM dead_letters WHERE id = ? AND reason = ?', [letter.id, mark])
      letter = await nextLetter(database, tables, letter.id, last)
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
async function brakedLetters(database: Database): Promise<BrakedLetter[]> {
  const sql = `SELECT ${quote('table')}, reason, event FROM dead_letters WHERE reason LIKE ? ORDER BY id LIMIT 100`
  const rows = await selectRows(database, sql, [`%${BRAKED} %`])
  return rows.map((row) => ({
    table: String(row['table']),
    reason: withoutMark(String(row['reason'])),
    event: String(row['event']),
  }))
}

interface BrakedLetter {
  table: string
  reason: string
  event: string
}

/** Whom they would mark as the table is now, which may be others than when they were stopped. */
async function tellWaiting(waiting: readonly BrakedLetter[], toolbox: Toolbox): Promise<string> {
  const { mappings, instance, now } = toolbox
  const { database, config } = instance()
  const defaults = { DINGTALK_CORP_ID: config.DINGTALK_CORP_ID }
  const lines: string[] = []
  for (const { table, reason, event } of waiting) {
    const leavers: string[] = []
    for (const mapping of mappings.filter((one) => table === '' || one.table === table)) {
      leavers.push(...(await leaversOf(event, { mapping, defaults, now: now() }, database)))
    }
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

/** Letters of these tables, and of none: of a delivery that could not be read, or of when there was but one table. */
function ofTables(tables: readonly string[]): string {
  return `${quote('table')} IN ('', ${tables.map(() => '?').join(', ')})`
}

/** How many letters there are, and up to which one: those that come meanwhile are left for another time. */
async function extent(
  database: Database,
  tables: readonly string[],
): Promise<{ found: number; last: number; others: number }> {
  const sql = `SELECT COUNT(*) AS total, COUNT(IF(${ofTables(tables)}, 1, NULL)) AS found, MAX(id) AS last FROM dead_letters`
  const [row] = await selectRows(database, sql, [...tables])
  const [found, total] = [Number(row?.['found']), Number(row?.['total'])]
  return { found, last: Number(row?.['last']), others: total - found }
}

async function nextLetter(database: Database, tables: readonly string[], after: number, last: number) {
  const sql = `SELECT id, ${quote('table')}, reason, event FROM dead_letters WHERE id > ? AND id <= ? AND ${ofTables(tables)} ORDER BY id LIMIT 1`
  const [row] = await selectRows(database, sql, [after, last, ...tables])
  return (
    row && {
      id: Number(row['id']),
      table: String(row['table']),
      reason: String(row['reason']),
      event: String(row['event']),
    }
  )
}

function tell(
  { stored, ignored, refused }: Record<'stored' | 'ignored' | 'refused', number>,
  found: number,
  others: number,
): string {
  const left = Math.max(0, found - stored - ignored - refused)
  return [
    `${found} dead letters: ${stored} stored, ${ignored} not about their table (these are deleted),`,
    `${refused} refused again, ${left} left${left > 0 ? ' for the next invocation' : ''}.`,
    ...(others === 0 ? [] : [`${others} of tables that mapping.yaml does not name stay as they are.`]),
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

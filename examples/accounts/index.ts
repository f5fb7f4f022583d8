import { lookup } from 'node:dns/promises'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import mappings from '../../mapping.yaml'
import { setVariables } from '../../shared/config'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { parseCloudEvents, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import type { FcHandler } from '../../shared/fc/types'
import { jsonFields } from '../../shared/json'
import { readJsonPath } from '../../shared/jsonPath'
import { jsonLogger as log } from '../../shared/logging'
import type { Mapping } from '../../shared/mapping/mapping'
import { openFields, readKeys } from '../../shared/mapping/readKeys'
import { firstOf, ruleOf } from '../../shared/mapping/ruleOf'
import { readTls } from '../../shared/tls'
import { followRow, type Person, type Summary } from './accounts'
import { createScim } from './scim'

/** The table of employees. It knows which events are its own, whom they are about, and when they happened. */
const [table] = mappings.filter((mapping) => mapping.table === 'user_info') as [Mapping]

/**
 * The target of a rule for personnel events: each account becomes what the person's row says. By a timer, `recent` looks at
 * everybody of whom the table has heard in the last two days, whom rosters have marked as left included, and `all` at all.
 */
export const handler: FcHandler = async (payload) => {
  const { SCIM_URL = '', SCIM_TOKEN = '', DINGTALK_CORP_ID: corpId = '', ...mysqlVariables } = setVariables(process.env)
  if (!isSafeUrl(SCIM_URL))
    throw new Error('SCIM_URL: must begin with https:, without a login or a query in it (BAD_SCIM_URL)')
  if (!/^[\x20-\x7e]+$/.test(SCIM_TOKEN)) throw new Error('SCIM_TOKEN: must be a Bearer token (BAD_SCIM_TOKEN)')
  const scim = createScim(SCIM_URL.replace(/\/$/, ''), SCIM_TOKEN)
  const { payload: which } = jsonFields(payload.toString('utf8'))
  const isTimer = which === 'recent' || which === 'all'
  const { events } = isTimer ? { events: [] } : parseCloudEvents(payload)
  const named = events.flatMap((event) => subjectsOf(event, corpId))
  const database = await connect(mysqlVariables)
  const summary: Summary = { created: 0, changed: 0, unchanged: 0 }
  let failure: unknown
  try {
    const people = isTimer ? await listPeople(database, corpId, which) : named
    for (const { userId, since } of people) {
      try {
        summary[await followRow(userId, since, (id) => readRow(database, corpId, id), scim)]++
      } catch (error) {
        // one person's trouble holds up nobody else
        failure ??= error
      }
    }
  } finally {
    await database.end()
  }
  if (failure === undefined) log.info({ ...summary, outcome: 'accounts_done' })
  else {
    // its own errors have a code in brackets; the messages of others may quote a person
    const [, code = errorCode(failure)] = /\(([A-Z_0-9]+)\)$/.exec(errorMessage(failure)) ?? []
    log.error({ ...summary, outcome: 'accounts_failed', code })
    throw failure
  }
  return summary
}

/** A token goes there, and people: encrypted, but for this machine; what has a login or a query may be quoted in errors. */
function isSafeUrl(text: string): boolean {
  const { protocol, hostname, username, search, hash } = URL.canParse(text) ? new URL(text) : ({} as Partial<URL>)
  const isHere = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost')
  return (protocol === 'https:' || isHere) && !username && !search && !hash
}

interface Subject {
  userId: string
  since: number
}

/** Whom of this corporation an event is about, and when it happened, as mapping.yaml reads both. */
function subjectsOf({ event: received }: ReceivedEvent, corpId: string): Subject[] {
  const event = openFields(table.fields, received)
  const hasFailed = Number(firstOf(table.failed?.paths ?? [], event) ?? 0) !== 0
  if (ruleOf(table, event) === undefined || hasFailed) return []
  const arrived = milliseconds(event['time'])
  const said = table.time.map((path) => milliseconds(readJsonPath(path, event))).find((time) => time > 0) ?? arrived
  const { keys } = readKeys(table.key, event, { DINGTALK_CORP_ID: corpId })
  // user ids of two corporations may be the same: of which one the accounts are has to be said
  if (corpId === '' && keys.some(([owner]) => owner !== '')) {
    throw new Error('DINGTALK_CORP_ID: is not set, and the event names a corporation (CORP_ID_NOT_SET)')
  }
  const ours = keys.filter(([owner]) => owner === corpId)
  // the table takes none for later than its arrival, but for what clocks differ
  return ours.map(([, userId = '']) => ({ userId, since: Math.min(said, arrived) }))
}

function milliseconds(value: unknown): number {
  const text = String(value)
  return /^\d{9,10}$/.test(text) ? Number(text) * 1000 : /^\d+$/.test(text) ? Number(text) : Date.parse(text)
}

async function connect({
  MYSQL_HOST: host = '',
  MYSQL_SSL,
  ...variables
}: Record<string, string>): Promise<Connection> {
  const ssl = readTls(MYSQL_SSL, host)((await lookup(host)).address)
  const { MYSQL_PORT = '3306', MYSQL_USER = '', MYSQL_PASSWORD = '', MYSQL_DATABASE = '' } = variables
  const login = { port: Number(MYSQL_PORT), user: MYSQL_USER, password: MYSQL_PASSWORD, database: MYSQL_DATABASE }
  return mysql.createConnection({ host, ...login, charset: 'utf8mb4_bin', timezone: 'Z', ...(ssl && { ssl }) })
}

async function readRow(database: Connection, corpId: string, userId: string): Promise<Person | undefined> {
  const sql = 'SELECT name, leftAt, lastEventTime FROM user_info WHERE corpId = ? AND userId = ?'
  const [[row]] = await database.execute<RowDataPacket[]>(sql, [corpId, userId])
  if (row === undefined) return undefined
  const { name, leftAt, lastEventTime } = row
  return { userId, name, hasLeft: leftAt !== null, heardAt: Math.max(Number(leftAt), Number(lastEventTime)) }
}

async function listPeople(database: Connection, corpId: string, which: 'recent' | 'all'): Promise<Subject[]> {
  const since = 'UTC_TIMESTAMP() - INTERVAL 2 DAY'
  const recent = `AND (leftAt > ${since} OR lastEventTime > ${since})`
  const sql = `SELECT userId FROM user_info WHERE corpId = ? ${which === 'all' ? '' : recent} ORDER BY userId`
  const [rows] = await database.execute<RowDataPacket[]>(sql, [corpId])
  return rows.map(({ userId }) => ({ userId, since: 0 }))
}

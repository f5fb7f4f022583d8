import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Person } from '../../local/dingtalk/organisation'

// The employee table after a walk, held against the organisation itself.

const COLUMNS = `corpId, userId, name, active, isAdmin, unionId, CAST(department AS CHAR) AS department, isBoss, isHide,
  title, jobNumber, hiredDate, leftAt, syncState`

/** What user/list does not tell: enrich does. */
export const UNTOLD = ['isSenior', 'managerUserId', 'isLeaderInDepts'] as const

export type Rows = Record<string, Record<string, unknown>>

/** Rows by user id. @param database with dates as text */
export async function readRows(database: Connection, where = 'TRUE', more: readonly string[] = []): Promise<Rows> {
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT ${[COLUMNS, ...more].join(', ')} FROM user_info WHERE ${where}`,
  )
  return Object.fromEntries(
    rows.map(({ department, ...row }) => [
      row['userId'],
      { ...row, department: department && String(department).replaceAll(' ', '') },
    ]),
  )
}

/** What the table has to say of these people after a walk. */
export function rowsOf(people: Iterable<Person>, corpId: string): Rows {
  return Object.fromEntries([...people].map((person) => [person.userid, rowOf(person, corpId)]))
}

function rowOf(person: Person, corpId: string) {
  return {
    corpId,
    userId: person.userid,
    name: person.name,
    active: String(person.active),
    isAdmin: String(person.adminLevel > 0),
    unionId: person.unionid,
    department: `[${person.placements.map(({ deptId }) => deptId)}]`,
    isBoss: Number(person.boss),
    isHide: Number(person.hideMobile),
    title: person.title || null,
    jobNumber: person.jobNumber || null,
    hiredDate: person.hiredAt === undefined ? null : dayInChina(person.hiredAt),
    leftAt: null,
    syncState: 'ok',
  }
}

function dayInChina(time: number): string {
  return new Date(time + 8 * 3_600_000).toISOString().slice(0, 10)
}

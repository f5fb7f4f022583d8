import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Organisation } from '../run/organisation'

/** After a whole walk the table is what DingTalk has: who is there is there, and nobody else. Differences as ids. */
export async function checkConvergence(
  { corpId, people, departments }: Organisation,
  database: Connection,
): Promise<string[]> {
  const [users] = await database.query<RowDataPacket[]>(
    'SELECT userId AS id, name, leftAt AS gone FROM user_info WHERE corpId = ?',
    [corpId],
  )
  const [units] = await database.query<RowDataPacket[]>(
    'SELECT deptId AS id, name, removedAt AS gone FROM departments WHERE corpId = ?',
    [corpId],
  )
  return [
    ...compare('person', new Map(people.map(({ userid, name }) => [userid, name])), users),
    ...compare('department', new Map(departments.map(({ id, name }) => [id, name])), units),
  ]
}

function compare(what: string, there: ReadonlyMap<string, string>, rows: readonly RowDataPacket[]): string[] {
  const found = new Map(rows.map((row) => [String(row['id']), row]))
  const missing = [...there].flatMap(([id, name]) => {
    const row = found.get(id)
    if (row === undefined) return [`${what} ${id} of DingTalk has no row`]
    if (row['gone'] !== null) return [`${what} ${id} of DingTalk is marked as gone`]
    return row['name'] === name ? [] : [`${what} ${id} of DingTalk has another name`]
  })
  const extra = [...found].filter(([id, row]) => row['gone'] === null && !there.has(id))
  return [...missing, ...extra.map(([id]) => `${what} ${id} is not in DingTalk, and not marked as gone`)]
}

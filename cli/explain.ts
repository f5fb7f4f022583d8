import { parseArgs } from 'node:util'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { errorCode } from '../shared/errorCode'
import type { Mapping } from '../shared/mapping/mapping'
import { UserError } from '../shared/userError'
import { findDeadLetters, showDeadLetters } from './explain/deadLetters'
import { showRow } from './explain/showRow'
import { showWhereToLook } from './explain/showWhereToLook'
import { projectMapping } from './projectMapping'
import { runCommand } from './runCommand'
import { targetDatabase } from './targetDatabase'

const HELP = `npm run explain -- <userId>

Prints why an employee's row is as it is: the value of each column, when it was set, and by which event where that is
known; whether the employee left; their dead letters; and what to look for in the event trace and in the log.

With LOG_HASH_KEY of the functions in the shell, the log query finds every event about the employee.

Reads the database of the running local stack, or the one that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and
MYSQL_DATABASE name in the shell.
`

void runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(HELP)
  const [userId] = positionals
  if (userId === undefined) throw new UserError('Name one employee: npm run explain -- <userId>')

  const mapping = projectMapping()
  const { rows, letters } = await withConnection(async (connection) => ({
    rows: await findRows(connection, mapping, userId),
    letters: await findDeadLetters(connection, mapping, userId),
  }))
  if (rows.length + letters.length === 0) {
    throw new UserError(`Neither ${mapping.table} nor dead_letters knows this userId.`)
  }
  for (const row of rows) console.log(showRow(row, mapping))
  if (rows.length === 0) console.log(`${mapping.table}: no row`)
  if (letters.length > 0) console.log(showDeadLetters(letters))
  const eventIds = [...rows.map((row) => row['lastEventId']), ...letters.map(({ eventId }) => eventId)]
  console.log(showWhereToLook(userId, eventIds.filter(isText), process.env['LOG_HASH_KEY']))
})

/** One a corporation: the user id is the last part of the key. */
async function findRows(connection: Connection, { table, key }: Mapping, userId: string): Promise<RowDataPacket[]> {
  const sql = `SELECT * FROM \`${table}\` WHERE \`${key.at(-1)?.name}\` = ?`
  const [rows] = await connection.execute<RowDataPacket[]>(sql, [userId])
  return rows
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

async function withConnection<T>(read: (connection: Connection) => Promise<T>): Promise<T> {
  const database = await targetDatabase()
  try {
    const connection = await mysql.createConnection(database)
    try {
      return await read(connection)
    } finally {
      await connection.end()
    }
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new UserError(`The database refused (${code}).`)
  }
}

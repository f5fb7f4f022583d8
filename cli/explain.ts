import { parseArgs } from 'node:util'
import mysql, { type Connection } from 'mysql2/promise'
import { explainEmployee } from '../functions/employees/maintenance/explain/explainEmployee'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'
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

  const text = await withConnection((connection) =>
    explainEmployee(connection, projectMapping(), userId, process.env['LOG_HASH_KEY']),
  )
  console.log(text)
})

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

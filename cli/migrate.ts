import { parseArgs } from 'node:util'
import mysql from 'mysql2/promise'
import { errorCode } from '../shared/errorCode'
import { createTableStatements } from '../shared/mapping/tables'
import { UserError } from '../shared/userError'
import { confirmTarget } from './confirm'
import { projectMapping } from './projectMapping'
import { runCommand } from './runCommand'
import { targetDatabase } from './targetDatabase'

const HELP = `npm run migrate [-- --sql] [--yes]

Creates the tables of mapping.yaml where they do not exist.

  --sql  print the statements instead, for people whose changes go through a ticket
  --yes  do not ask before changing a database on another machine

Works on the database that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and MYSQL_DATABASE name in the shell, else on
the running local stack's.
`

void runCommand(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      sql: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const statements = createTableStatements(projectMapping())
  if (values.sql) return console.log(`${statements.join(';\n\n')};`)

  const database = targetDatabase()
  await confirmTarget(database.host, values.yes)
  try {
    const connection = await mysql.createConnection(database)
    for (const statement of statements) await connection.query(statement)
    await connection.end()
  } catch (error) {
    throw new UserError(`The database refused (${errorCode(error) ?? 'unknown'}).`)
  }
  console.log('The tables are there.')
})

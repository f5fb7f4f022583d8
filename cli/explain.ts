import { parseArgs } from 'node:util'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import { timeOfVersion, VERSION_BYTES } from '../functions/employees/version'
import { errorCode } from '../shared/errorCode'
import type { Mapping } from '../shared/mapping/mapping'
import { UserError } from '../shared/userError'
import { projectMapping } from './projectMapping'
import { runCommand } from './runCommand'
import { targetDatabase } from './targetDatabase'

const HELP = `npm run explain -- <userId>

Prints the employee's row, column by column: the value, and the time of the event that set it.

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
  const rows = await readRows(mapping.table, userId)
  if (rows.length === 0) throw new UserError(`${mapping.table} has no row for this userId.`)
  for (const row of rows) console.log(explain(row, mapping))
})

/** The value of each column and the time of the event that set it. */
function explain(row: RowDataPacket, { table, key, columns }: Mapping): string {
  const versions = Buffer.from(row['versions'])
  const lines = columns.map(({ name, slot }) => {
    const time = timeOfVersion(versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES))
    return [name, asText(row[name]), time === undefined ? 'no event has set it' : new Date(time).toISOString()]
  })
  const title = key.map(({ name }) => `${name} ${row[name] || '–'}`).join(', ')
  const widths = [0, 1].map((at) => Math.max(...lines.map((line) => displayWidth(line[at] ?? ''))))
  const pad = (text: string, width: number) => text + ' '.repeat(width - displayWidth(text))
  return [
    `${table}: ${title}`,
    ...lines.map(
      ([name = '', value = '', time]) => `  ${pad(name, widths[0] ?? 0)}  ${pad(value, widths[1] ?? 0)}  ${time}`,
    ),
  ].join('\n')
}

function asText(value: unknown): string {
  if (value === null) return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Chinese characters take two columns of a terminal. */
function displayWidth(text: string): number {
  return [...text].reduce(
    (width, character) => width + (/[\u{1100}-\u{115f}\u{2e80}-\u{ffe6}\u{1f300}-\u{3ffff}]/u.test(character) ? 2 : 1),
    0,
  )
}

async function readRows(table: string, userId: string): Promise<RowDataPacket[]> {
  const database = targetDatabase()
  try {
    const connection = await mysql.createConnection(database)
    const [rows] = await connection.execute<RowDataPacket[]>(`SELECT * FROM \`${table}\` WHERE userId = ?`, [userId])
    await connection.end()
    return rows
  } catch (error) {
    throw new UserError(`The database refused (${errorCode(error) ?? 'unknown'}).`)
  }
}

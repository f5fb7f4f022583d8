import type { Connection } from 'mysql2/promise'
import { type DeadLetter, explainEmployee, showDeadLetters } from '../../functions/employees/maintenance/explain'
import { selectRows } from '../../shared/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { UserError } from '../../shared/userError'
import { isOnLocalStack, runningStack } from '../localStack'
import { localLogHashKey, readLogHashKey } from '../logHashKey'
import { projectMapping } from '../project'
import { oneArgument, runCommand } from '../runCommand'
import { withTargetDatabase } from '../targetDatabase'
import { findByName, nameColumns } from './findByName'

const HELP = `npm run explain -- <userId or name>

Prints why an employee's row is as it is: the value of each column, the time of the event that set it (in UTC), and that
event's id where it is the row's last; whether the employee left; their dead letters; and what to look for in the event
trace and in the log. Of a name that several people have, or have as a part of theirs, it lists these people. An event id
in its place shows the dead letters of that event, which may name nobody.

With LOG_HASH_KEY of the functions in the shell (of the local stack it is known), the log query finds every event about the
employee.

Reads the database of the running local stack, or the one that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and
MYSQL_DATABASE name in the shell.
`

void runCommand(HELP, { allowPositionals: true }, async ({ positionals }) => {
  const given = oneArgument(
    positionals.filter((word) => word.trim() !== ''),
    'employee',
    'npm run explain -- <userId or name>',
  ).trim()

  const where = isOnLocalStack()
    ? { hashKey: localLogHashKey(), traceUrl: runningStack()['ORIGIN'] }
    : { hashKey: readLogHashKey(process.env), traceUrl: undefined }
  const text = await withTargetDatabase(
    (connection) => explain(connection, projectMapping(), given, where),
    'It needs the tables (npm run migrate), and the account SELECT on them.',
  )
  console.log(text)
})

interface Where {
  hashKey: string | undefined
  /** of the trace page, where there is one */
  traceUrl: string | undefined
}

async function explain(database: Connection, mapping: Mapping, given: string, where: Where): Promise<string> {
  const explained = await explainEmployee(database, mapping, given, where.hashKey)
  const { userIds, list, isCut, isWhole } = await findByName(database, mapping, given)
  const [userId = '', ...others] = userIds
  const people = isCut ? [...list, '  … and others: give more of the name'] : list
  if (explained !== undefined) {
    const isOther = isWhole && (others.length > 0 || userId !== given)
    return isOther ? [explained, 'The same is the name of:', ...people].join('\n') : explained
  }
  const letters = userIds.length === 0 ? await lettersOf(database, given) : []
  if (letters.length > 0) return showDeadLetters(letters)
  if (userIds.length === 0) throw new UserError(tellNobody(mapping, where.traceUrl))
  if (others.length > 0) {
    const have = isWhole ? 'have this name' : 'have this in their name'
    return [`Several people ${have}. Name one by userId: npm run explain -- <userId>`, ...people].join('\n')
  }
  return (await explainEmployee(database, mapping, userId, where.hashKey)) ?? tellNobody(mapping, where.traceUrl)
}

/** The dead letters of an event of this id: one that names nobody is found by nothing else. */
async function lettersOf(database: Connection, eventId: string): Promise<DeadLetter[]> {
  // ids are ASCII, as the server may refuse to compare other text with a column of it
  if (/[^\0-\x7f]/.test(eventId)) return []
  const sql = 'SELECT eventId, reason, createdAt FROM dead_letters WHERE eventId = ? ORDER BY createdAt, id'
  const rows = await selectRows(database, sql, [eventId])
  return rows.map(({ reason, createdAt }) => ({ eventId, reason: String(reason), createdAt: String(createdAt) }))
}

/** Where was looked, and what to do; without the name, which is a person's. */
function tellNobody(mapping: Mapping, traceUrl: string | undefined): string {
  const { table, key } = mapping
  const places = [key.at(-1)?.name, ...nameColumns(mapping)].join(' or ')
  const [trace, send] =
    traceUrl === undefined
      ? ['', '']
      : [` (${traceUrl}/)`, ' npm run send -- user_add_org makes an employee to look at.']
  return (
    `Nobody in ${table} has this as ${places}, and no event in dead_letters is about such a ` +
    `${key.at(-1)?.name}. Somebody of whom no event has come yet has no row; an event that is still being retried is in the ` +
    `event trace${trace}.${send}`
  )
}

import type { Connection } from 'mysql2/promise'
import {
  chooseTables,
  type DeadLetter,
  explainId,
  showDeadLetters,
} from '../../functions/employees/maintenance/explain'
import { selectRows } from '../../shared/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { oneArgument, runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { isOnLocalStack, runningStack } from '../localStack'
import { localLogHashKey, readLogHashKey } from '../logHashKey'
import { projectMappings } from '../project'
import { reasonIn } from '../replay/fromTable'
import { withTargetDatabase } from '../targetDatabase'
import { type Found, findByName, nameColumns } from './findByName'

const HELP = `npm run explain -- <userId or name> [--table T]

Prints why an employee's row is as it is, or that of whatever else mapping.yaml has a table of, by its id or name: the value
of each column, the time of the event that set it (in UTC), and that event's id where it is the row's last; whether the
employee left; their dead letters; and what to look for in the event trace and in the log. Of a name that several people
have, or have as a part of theirs, it lists these people. An event id in its place shows the dead letters of that event,
which may name nobody. --table asks one table of mapping.yaml alone.

With LOG_HASH_KEY of the functions in the shell (of the local stack it is known), the log query finds every event about the
employee.

Reads the database of the running local stack, or the one that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and
MYSQL_DATABASE name in the shell.
`

const ARGUMENTS = { allowPositionals: true, options: { table: { type: 'string' } } } as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  const given = oneArgument(
    positionals.filter((word) => word.trim() !== ''),
    'employee',
    'npm run explain -- <userId or name>',
  ).trim()

  const mappings = chooseTables(projectMappings(), values.table, '--table')
  const where = isOnLocalStack()
    ? { hashKey: localLogHashKey(), traceUrl: runningStack()['ORIGIN'] }
    : { hashKey: readLogHashKey(process.env), traceUrl: undefined }
  const text = await withTargetDatabase(
    (connection) => explain(connection, given, { mappings, ...where }),
    'It needs the tables (npm run migrate), and the account SELECT on them.',
  )
  console.log(text)
})

interface Where {
  /** of mapping.yaml, those that are asked */
  mappings: readonly Mapping[]
  hashKey: string | undefined
  /** of the trace page, where there is one */
  traceUrl: string | undefined
}

async function explain(database: Connection, given: string, { mappings, hashKey, traceUrl }: Where): Promise<string> {
  const asked = []
  for (const mapping of mappings) {
    const explained = await explainId(database, mapping, given, hashKey)
    asked.push({ mapping, explained, found: await findByName(database, mapping, given) })
  }
  const explained = asked.filter((one) => one.explained !== undefined)
  if (explained.length > 0) {
    return explained
      .map(({ explained: text, found: { userIds, isWhole, ...found } }) => {
        const isOther = isWhole && (userIds.length > 1 || userIds[0] !== given)
        return isOther ? [text, 'The same is the name of:', ...listOf(found)].join('\n') : text
      })
      .join('\n\n')
  }
  const named = asked.filter(({ found }) => found.userIds.length > 0)
  // who has just this name goes before whoever has it as a part of theirs
  const whole = named.filter(({ found }) => found.isWhole)
  const [first, ...others] = whole.length > 0 ? whole : named
  if (first === undefined) {
    const letters = await lettersOf(database, given)
    if (letters.length > 0) return showDeadLetters(letters)
    throw new UserError(tellNobody(mappings, traceUrl))
  }
  const { mapping, found } = first
  const [userId = '', ...more] = found.userIds
  if (others.length + more.length > 0) {
    const have = found.isWhole ? 'have this name' : 'have this in their name'
    const list = [first, ...others].flatMap((one) => listOf(one.found))
    return [`Several people ${have}. Name one by userId: npm run explain -- <userId>`, ...list].join('\n')
  }
  return (await explainId(database, mapping, userId, hashKey)) ?? tellNobody(mappings, traceUrl)
}

function listOf({ list, isCut }: Pick<Found, 'list' | 'isCut'>): string[] {
  return isCut ? [...list, '  … and others: give more of the name'] : list
}

/** The dead letters of an event of this id: one that names nobody is found by nothing else. */
async function lettersOf(database: Connection, eventId: string): Promise<DeadLetter[]> {
  // ids are ASCII, as the server may refuse to compare other text with a column of it
  if (/[^\0-\x7f]/.test(eventId)) return []
  const sql = 'SELECT `table`, eventId, reason, createdAt FROM dead_letters WHERE eventId = ? ORDER BY createdAt, id'
  const rows = await selectRows(database, sql, [eventId])
  return rows.map(({ table, reason, createdAt }) => ({
    eventId,
    reason: reasonIn(table, String(reason)),
    createdAt: String(createdAt),
  }))
}

/** What makes a row of whatever table has employees. */
const EXAMPLE = 'user_add_org'

/** Where was looked, and what to do; without the name, which is a person's. */
function tellNobody(mappings: readonly Mapping[], traceUrl: string | undefined): string {
  const places = mappings.map((mapping) => {
    const names = [mapping.key.at(-1)?.name, ...nameColumns(mapping)].join(' or ')
    return `in ${mapping.table} as ${names}`
  })
  const trace = traceUrl === undefined ? '' : ` (${traceUrl}/)`
  const isOfEmployees = mappings.some(({ events }) => Object.hasOwn(events, EXAMPLE))
  const send =
    traceUrl === undefined || !isOfEmployees ? '' : ` npm run send -- ${EXAMPLE} makes an employee to look at.`
  return (
    `Nothing has this ${places.join(', or ')}, and no event in dead_letters is about such an id. What no event has come ` +
    `of yet has no row; an event that is still being retried is in the event trace${trace}.${send}`
  )
}

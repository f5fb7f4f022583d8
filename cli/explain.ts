import { explainEmployee } from '../functions/employees/maintenance/explain'
import { isOnLocalStack, runningStack } from './localStack'
import { localLogHashKey, readLogHashKey } from './logHashKey'
import { projectMapping } from './project'
import { oneArgument, runCommand } from './runCommand'
import { withTargetDatabase } from './targetDatabase'

const HELP = `npm run explain -- <userId>

Prints why an employee's row is as it is: the value of each column, when it was set, and by which event where that is
known; whether the employee left; their dead letters; and what to look for in the event trace and in the log.

With LOG_HASH_KEY of the functions in the shell (or, for the local stack, in .env.local), the log query finds every event
about the employee.

Reads the database of the running local stack, or the one that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and
MYSQL_DATABASE name in the shell.
`

void runCommand(HELP, { allowPositionals: true }, async ({ positionals }) => {
  const userId = oneArgument(positionals, 'employee', 'npm run explain -- <userId>')

  const where = isOnLocalStack()
    ? { hashKey: localLogHashKey(), traceUrl: `${runningStack()['ORIGIN']}/` }
    : { hashKey: readLogHashKey(process.env), traceUrl: undefined }
  const text = await withTargetDatabase(
    (connection) => explainEmployee(connection, projectMapping(), userId, where),
    'It needs the tables (npm run migrate), and the account SELECT on them.',
  )
  console.log(text)
})

import type { Connection } from 'mysql2/promise'
import { countPurge, purgesOf, readDays } from '../../functions/employees/maintenance/purge/purgeLeft'
import { type Purge, runPurge } from '../../functions/employees/maintenance/purge/runPurge'
import { readProjectFile } from '../../local/project/projectFiles'
import { prepareSession } from '../../shared/mapping/describeTable'
import type { Mapping } from '../../shared/mapping/mapping'
import { withPlaces } from '../../shared/mapping/whereRefused'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { askToGoOn } from '../confirm'
import { withProgress } from '../progress'
import { projectMappings, ROOT } from '../project'
import { withTargetDatabase } from '../targetDatabase'
import { checkMigration, printMigration, runMigration } from './migration'
import { type MigrationOptions, planFromNothing, planMigration } from './planMigration'

const HELP = `npm run migrate [-- options]

Brings the tables up to mapping.yaml: prints the statements, asks, and runs them. What would lose a value is refused.

  --sql               print the statements and their undo, and do nothing; without MYSQL_HOST, those that make the tables
  --yes               do not ask
  --rename-from OLD   the table of mapping.yaml is there under this name: rename it. Where the file has several, say which
                      one is meant: --rename-from OLD=NEW
  --purge-left DAYS   instead: erase the \`personal\` columns of people who left, and dead letters, older than so many days

For a table with another key, such as the article's, whose rows are copied into a new one (the old one is kept):
  --newest-by COLUMN  where an employee has rows that differ, the one with the greatest COLUMN counts. In a table without
                      a key \`insertion\` takes the order in which the server returns the rows: in practice that of their
                      insertion, but nothing promises it
  --leave-behind      leave rows without a userId, and columns that mapping.yaml does not name, in the old table
  DINGTALK_CORP_ID    in the shell: the corpId of the copied rows, as the employees function has it

Works on the database that MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD and MYSQL_DATABASE name in the shell, else on
the running local stack's. The account needs SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP and CREATE TEMPORARY TABLES
(for --sql SELECT and the last one).
`

const ARGUMENTS = {
  options: {
    sql: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    'rename-from': { type: 'string' },
    'newest-by': { type: 'string' },
    'leave-behind': { type: 'boolean', default: false },
    'purge-left': { type: 'string' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const { sql, yes, 'purge-left': days } = values
  if (sql && days !== undefined)
    throw new UserError('--purge-left changes rows, not tables: --sql does not go with it.')
  const mappings = projectMappings()
  // A running local stack has its tables: whoever wants the statements then wants them for another database.
  if (sql && !process.env['MYSQL_HOST']) return console.log(printMigration(planFromNothing(mappings)))
  const options: MigrationOptions = {
    renameFrom: values['rename-from'],
    newestBy: values['newest-by'],
    leaveBehind: values['leave-behind'],
    variables: { DINGTALK_CORP_ID: process.env['DINGTALK_CORP_ID'] ?? '' },
  }
  const work =
    days === undefined ? migrate(mappings, options, { sql, yes }) : purge(mappings, readDays(days, '--purge-left'), yes)
  await withTargetDatabase(work, '--help says which rights the account needs.')
})

function migrate(
  mappings: readonly Mapping[],
  options: MigrationOptions,
  { sql, yes }: { sql: boolean; yes: boolean },
) {
  return async (database: Connection) => {
    await prepareSession(database)
    const plan = () => planMigration(database, mappings, options)
    const migration = await withProgress('comparing the tables with mapping.yaml', {}, async () => {
      const planned = await withPlaces(readProjectFile(ROOT, 'mapping.yaml'), 'mapping.yaml', plan)
      await checkMigration(database, planned)
      return planned
    })
    console.log(printMigration(migration))
    if (sql || migration.steps.length === 0) return
    await askToGoOn(`Run ${migration.steps.length} ${migration.steps.length === 1 ? 'statement' : 'statements'}?`, yes)
    await withProgress('statements', { total: migration.steps.length }, (report) =>
      runMigration(database, migration, report),
    )
    console.log('Done.')
  }
}

function purge(mappings: readonly Mapping[], days: number, yes: boolean) {
  return async (database: Connection) => {
    const purges = purgesOf(mappings, days, Date.now())
    if (!mappings.some(({ columns }) => columns.some(({ personal }) => personal)))
      console.log('mapping.yaml marks no column as personal.')
    const counts = new Map<Purge, number>()
    for (const purge of purges) {
      const count = await withProgress(`counting in ${purge.table}`, {}, () => countPurge(database, purge))
      console.log(`${purge.what}: ${count}`)
      counts.set(purge, count)
    }
    await askToGoOn('Erase them for good?', yes)
    for (const purge of purges) {
      const { table } = purge
      await withProgress(`erasing in ${table}`, { total: counts.get(purge) ?? 0 }, (report) =>
        runPurge(database, purge, { report }),
      )
    }
    console.log('Done.')
  }
}

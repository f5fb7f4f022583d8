import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { databaseUser, dropDatabaseUser } from '../../support/databaseUser'
import { type FakeCloud, startFakeCloud } from '../../support/fakeCloud'
import { shippedMappings } from '../../support/mapping'
import { copyProject } from '../../support/projectCopy'
import { temporaryFolder } from '../../support/temporaryFolder'
import { CTRL_U, ENTER, startInTerminal, type Terminal } from '../../support/terminal'
import { openPlayground, type Playground } from '../migrate/playground'

const FILES = [
  ...['cli', 'emulator', 'functions', 'local', 'shared', 'package.json', 'tsconfig.json', '.npmrc'],
  ...['.env.example', 's.yaml', 'mapping.yaml', 'eventbridge.yaml'],
]
const RIGHTS = ['SELECT, INSERT, UPDATE, CREATE TEMPORARY TABLES ON *', 'DELETE ON dead_letters']
const HOST = 'rm-example.mysql.rds.aliyuncs.com'
export const SECRET = 'kE9vQx27LmPz04TrWyUi81'
export const APP_SECRET = 'aP3sBn65HdJc12FoXqRe97'

type Answers = readonly (readonly [name: string, answer: string])[]

export const KEY: Answers = [
  ['AccessKeyID', 'LTAIexample'],
  ['AccessKeySecret', SECRET],
  ['FC_REGION_ID', ''],
]
export const LOGS: Answers = [
  ['LOG_PROJECT', 'hr-logs'],
  ['LOG_STORE', ''],
]
export const NETWORK: Answers = [
  ['VPC_ID', 'vpc-1'],
  ['VSWITCH_ID', 'vsw-1'],
  ['SECURITY_GROUP_ID', 'sg-1'],
]

/** A copy of this project in which a file's tests run the setup, each from no .env; a cloud, and a database with tables. */
export function prepareSetup() {
  const copy = path.join(temporaryFolder(), 'project')
  const file = path.join(copy, '.env')
  let cloud: FakeCloud
  let db: Playground
  let account: Playground['schema']
  let started: Terminal | undefined

  beforeAll(async () => {
    copyProject(copy, FILES)
    cloud = await startFakeCloud({
      keys: { LTAIexample: SECRET },
      accountId: '1234567890123456',
      identityType: 'RAMUser',
      project: 'hr-logs',
      logstore: 'dingtalk-eventbridge',
      apps: { dingapp: APP_SECRET },
    })
    db = await openPlayground()
    await db.migrate(shippedMappings)
  })

  beforeEach(async () => {
    fs.rmSync(file, { force: true, recursive: true })
    account = await databaseUser(db.schema, RIGHTS)
    cloud.asked = []
    cloud.instead = undefined
  })

  afterEach(() => started?.close())

  afterAll(async () => {
    await dropDatabaseUser(db.schema, account)
    await db.close()
    await cloud.close()
  })

  return {
    copy,
    file,
    cloud: () => cloud,
    account: () => account,
    readEnv: () => parseEnv(fs.readFileSync(file, 'utf8')),
    /** lets the account of the database do only this */
    allow: (rights: readonly string[]) => databaseUser(db.schema, rights),
    database: (): Answers => [
      ['MYSQL_HOST', HOST],
      ['MYSQL_PORT', `${CTRL_U}${account.port}`],
      ['MYSQL_USER', account.user],
      ['MYSQL_PASSWORD', account.password],
      ['MYSQL_DATABASE', account.database],
      ['MYSQL_SSL', ''],
    ],
    start(shell: Record<string, string> = {}): Terminal {
      started = startInTerminal('npm run --silent setup', copy, { ...cloud.variables(HOST), ...shell })
      return started
    },
  }
}

/** What a run asks first that is not the first. */
export const BEGUN = '.env has answers. Ask only for what is missing or wrong?'

/** The prompt for a variable, and that for a secret that is there already. */
export const answerOf = (name: string) => `◆  ${name}\n`
export const keep = (name: string) => `◆  ${name} is set. Keep it?`

/** Types an answer to each prompt, in this order. */
export async function answerAll(terminal: Terminal, answers: Answers): Promise<void> {
  for (const [name, answer] of answers) await terminal.answer(answerOf(name), `${answer}${ENTER}`)
}

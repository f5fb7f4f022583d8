import fs from 'node:fs'
import path from 'node:path'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { freePort } from '../../shared/freePort'
import { PROJECT, readDocument, shellLines } from '../support/documents'
import { APPENDED, appended, exampleMappings, examplesThatEnd, readExample } from '../support/examples'
import { prepareStackDatabase } from '../support/mariadb'
import { copyProject, linkFetchedServer } from '../support/projectCopy'
import { connectByEnv, readEnv, untilReady } from '../support/stackProcess'
import { endOf, type StartedProcess, startProcess } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const FILES = ['cli', 'emulator', 'examples', 'functions', 'local', 'shared', 'package.json', 'tsconfig.json', 's.yaml']
/** A copy of this project, to which all examples are appended. */
const copy = path.join(temporaryFolder(), 'project')
const localDir = path.join(
  temporaryFolder(async () => {
    await database?.end()
    stack?.kill('SIGINT')
    await stack?.ended()
  }),
  'local',
)
const tables = exampleMappings().map(({ table }) => table)
let stack: StartedProcess
let database: Connection

function run(line: string, variables: Record<string, string> = {}): StartedProcess {
  const environment = { HOME: process.env['HOME'], LOCAL_DIR: localDir, ...variables }
  return startProcess(['/bin/sh', '-c', `cd '${copy}' && exec ${line}`], environment)
}

beforeAll(async () => {
  copyProject(copy, FILES)
  linkFetchedServer(copy)
  fs.writeFileSync(path.join(copy, 'mapping.yaml'), appended())
  const rules = APPENDED.map((name) => readExample(`${name}.rules.yaml`))
  const shipped = fs.readFileSync(path.join(PROJECT, 'eventbridge.yaml'), 'utf8')
  fs.writeFileSync(path.join(copy, 'eventbridge.yaml'), [shipped, ...rules].join(''))
  await prepareStackDatabase(localDir)
  stack = run('npm start', { PORT: String(await freePort()) })
  await untilReady(stack)
  const env = readEnv(localDir)
  database = await connectByEnv(env)
}, 180_000)

async function counts(): Promise<number[]> {
  const [rows] = await database.query<RowDataPacket[]>(
    tables.map((table) => `SELECT COUNT(*) AS rowCount FROM ${table}`).join(' UNION ALL '),
  )
  return rows.map(({ rowCount }) => Number(rowCount))
}

const step = story()

step('npm start makes the tables and has nothing to mention of the examples', async () => {
  expect(await counts()).toEqual(tables.map(() => 0))
  expect(stack.output()).not.toMatch(/never filled|no event of DingTalk|it ignores it|gets none of them/)
})

step('each event file, sent as DingTalk posts it, fills its table', async () => {
  for (const file of examplesThatEnd('.event.json')) {
    expect(await endOf(run(`npm run send -- examples/${file}`))).toEqual({
      code: 0,
      output: expect.stringMatching(/\nwhich says: success\nevent trace: http:/),
    })
  }
  await waitFor(async () => (await counts()).every((count) => count === 1))
})

step('what the document has one type does what it says', async () => {
  const lines = shellLines(readDocument('docs/approvals-and-meetings.md'))
  const local = lines.filter((line) => /^npm run (send|explain)\b/.test(line))
  expect(local.length).toBeGreaterThanOrEqual(4)
  for (const line of local) {
    const { code, output } = await endOf(run(line))
    expect([line, code, output]).toEqual([line, 0, expect.any(String)])
    if (line.includes('explain'))
      expect(output).toMatch(/^ {2}status +agree +\S+ by 005a[\s\S]*\nin the event trace: 005a/m)
  }
})

import fs from 'node:fs'
import path from 'node:path'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { type DatabaseAddress, mysqlVariables } from '../../../local/database/database'
import { readSettings } from '../../../local/project/settings'
import { type Stack, startStack } from '../../../local/stack/stack'
import { freePort } from '../../../shared/freePort'
import { PROJECT } from '../../support/documents'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

// enrich as s.yaml has it asks 5 times a second, and leaves off after 30 s. Here it is quicker, and has less time: an event
// with more ids than a delivery can ask about takes several all the same.
const PEOPLE = 300
const CALLS_PER_S = 60
const TIMEOUT_S = 3

const projectDir = temporaryFolder(async () => {
  await stack?.stop()
  await rows.end()
  await dropTestSchema(schema)
})
let schema: DatabaseAddress
let rows: Connection
let stack: Stack

beforeAll(async () => {
  for (const name of ['eventbridge.yaml', 'mapping.yaml', 's.yaml']) {
    fs.copyFileSync(path.join(PROJECT, name), path.join(projectDir, name))
  }
  const file = path.join(projectDir, 's.yaml')
  const [before = '', enrich = '', after = ''] = fs.readFileSync(file, 'utf8').split(/^(?= {2}(?:enrich|reconcile):)/m)
  fs.writeFileSync(file, before + enrich.replace('timeout: 60', `timeout: ${TIMEOUT_S}`) + after)

  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  rows = await mysql.createConnection({ host, port, user, password, database })
  const variables = {
    ...mysqlVariables(schema),
    ...{ PORT: String(await freePort()), DINGTALK_CALLS_PER_S: String(CALLS_PER_S) },
  }
  stack = await startStack({
    projectDir,
    settings: readSettings(projectDir, variables, {}),
    dingtalk: { people: PEOPLE, faults: undefined },
    build: () => buildFunctions(path.join(projectDir, 'dist')),
    slipsOf: () => [],
    badVariables: () => [],
    mapperOf: () => () => ({ notes: [], dropped: [], events: [] }),
    stopping: new AbortController().signal,
    report() {},
    log() {},
    logFault() {},
  })
})

test('an event with more ids than a delivery has time for: in the end every row has its name', async () => {
  const control = (name: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    return fetch(new URL(`/dingtalk/control/${name}`, stack.traceUrl), init)
  }
  await control('settings', { perSecond: 1_000 })
  const { people } = (await (await control('organisation')).json()) as { people: { userid: string; name: string }[] }
  const body = JSON.stringify({ EventType: 'user_modify_org', userId: people.map(({ userid }) => userid) })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(stack.webhookUrl, { method: 'POST', headers, body })).status).toBe(200)

  let named: RowDataPacket[] = []
  await waitFor(
    async () => {
      ;[named] = await rows.query<RowDataPacket[]>('SELECT userId, name FROM user_info WHERE name IS NOT NULL')
      return named.length >= PEOPLE
    },
    () => `${named.length} have a name`,
  )
  const nameOf = new Map(named.map(({ userId, name }) => [userId, name]))
  expect(people.filter(({ userid, name }) => nameOf.get(userid) !== name)).toEqual([])
  const log = fs.readFileSync(path.join(projectDir, '.local/functions.log'), 'utf8')
  expect(log).toMatch(/"later":[1-9]/)
})

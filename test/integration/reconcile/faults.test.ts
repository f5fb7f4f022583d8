import type { ServerResponse } from 'node:http'
import mysql, { type Connection } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import { reconcile } from '../../../functions/reconcile/reconcile'
import type { DatabaseAddress } from '../../../local/database/database'
import { createDingtalkClient } from '../../../shared/dingtalk/directory/client'
import { createDirectory } from '../../../shared/dingtalk/directory/directory'
import { createDirectoryEvents } from '../../../shared/dingtalk/directory/events'
import { createPublisher } from '../../../shared/eventbridge/publisher'
import { createTableStatements } from '../../../shared/mapping/tables'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { employeesOn, openInstanceDatabase } from '../../support/employees'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'
import { readRows, rowsOf } from '../../support/walkedRows'
import { acceptAll } from '../../support/webhook'

// One fault a line, at the start of a walk or once it is under way. Whatever it is, nobody is marked as left, though no brake
// holds a roster up; and the next walk, without it, makes the table equal the organisation.

const CORP = 'dinga1b2c3d4e5f60718'
const SOURCE = { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' }
const ALL = { count: 100_000, percent: 100 }

let schema: DatabaseAddress
let observer: Connection
let instance: OpenedDatabase
let dingtalk: TestDingTalk
let before: (call: string, res: ServerResponse) => boolean

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  const charset = { charset: 'utf8mb4', dateStrings: true, timezone: 'Z' }
  observer = await mysql.createConnection({ host, port, user, password, database, ...charset })
  for (const statement of createTableStatements(shippedMapping)) await observer.query(statement)
  instance = openInstanceDatabase(schema)
})

afterAll(async () => {
  await instance.close()
  await observer.end()
  await dropTestSchema(schema)
})

const folder = temporaryFolder()
let folders = 0

beforeEach(async () => {
  await observer.query('DELETE FROM user_info')
  before = () => false
  dingtalk = await startTestDingTalk({
    ...{ folder: `${folder}/${++folders}`, people: 60, seed: 7, corpId: CORP },
    before: (call, res) => before(call, res),
  })
})
afterEach(() => dingtalk.close())

/** A walk whose events are stored at once; the clock is turned until it ends. @param seconds that it may take */
async function walk(seconds = 3_600): Promise<string> {
  const { clock, url, appKey, appSecret } = dingtalk
  const start = clock.now()
  const keys = { DINGTALK_APP_KEY: appKey, DINGTALK_APP_SECRET: appSecret, DINGTALK_CALLS_PER_S: 10 }
  const endpoints = { DINGTALK_API_ENDPOINT: `${url}/api`, DINGTALK_OAPI_ENDPOINT: `${url}/oapi` }
  const client = createDingtalkClient({ ...keys, ...endpoints }, clock, () => start + seconds * 1_000)
  const deliver = employeesOn(instance, shippedMapping, keptLog(), clock.now, ALL)
  const published: string[] = []
  const putEvents = async (events: readonly string[]) => {
    published.push(...events)
    return acceptAll(events)
  }
  let isOver = false
  const ended = reconcile({
    directory: createDirectory(client),
    events: createDirectoryEvents(SOURCE, CORP, [], clock.now),
    publisher: createPublisher(putEvents, clock),
    now: clock.now,
    log: keptLog(),
  })
    .then(({ outcome, withheld }) => `${outcome} ${withheld ?? ''}`.trim())
    .catch((error: { code?: string }) => `ended by ${error.code}`)
    .finally(() => {
      isOver = true
    })
  while (!isOver) await clock.advance(250)
  client.close()
  for (const event of published) await deliver(Buffer.from(event))
  return ended
}

const left = async () => Object.keys(await readRows(observer, 'leftAt IS NOT NULL')).sort()
const settings = (change: object) => dingtalk.control('settings', change)

/** @param from the which of the calls it happens at */
function once(from: number, happens: () => unknown, path = /./) {
  let calls = 0
  before = (call) => {
    if (path.test(call) && ++calls === from) void happens()
    return false
  }
}
const refuse = (...refused: string[]) => settings({ refused })
const empty = (...emptied: string[]) => settings({ emptied })
/** From some call on, each of a path is answered so. */
function answered(path: RegExp, from: number, answer: string, status = 200) {
  let calls = 0
  before = (call, res) => {
    if (!path.test(call) || ++calls < from) return false
    res.writeHead(status, { 'content-type': 'application/json' }).end(answer)
    return true
  }
}

const MEMBERS = 'qyapi_get_department_member'
const MEMBER = 'qyapi_get_member'
const DEPARTMENTS = 'qyapi_get_department_list'
const BASE = 'qyapi_base'
const EVERYTHING = [MEMBERS, MEMBER, DEPARTMENTS, BASE]
const REFUSED = '{"errcode":88,"sub_code":"60011"}'
const NO_DEPARTMENTS = '{"errcode":0,"result":[]}'
const LISTS = /user\/list$|department\/listsub$/

test.each<[string, () => unknown, RegExp]>([
  ['lists of people are empty from the start', () => empty(MEMBERS), /NobodyToSee/],
  ['ids of people and their count are', () => empty(MEMBER), /CountOfNobody/],
  ['lists of departments are, and their ids', () => answered(/listsub(id)?$/, 1, NO_DEPARTMENTS), /withheld/],
  ['lists of departments are, and their ids are not', () => empty(DEPARTMENTS), /walked/],
  ['the range is', () => empty(BASE), /EmptyScope/],
  ['all of them are', () => empty(...EVERYTHING), /EmptyScope/],
  ['lists of people are empty from the 20th call on', () => once(20, () => empty(MEMBERS)), /walked/],
  ['all of them are, from the 6th', () => once(6, () => empty(...EVERYTHING)), /withheld/],
  ['all of them are, from the 20th', () => once(20, () => empty(...EVERYTHING)), /withheld/],
  ['all of them are, once ids are listed', () => once(3, () => empty(...EVERYTHING), /listid/), /withheld/],
  ['a permission is refused from the start', () => refuse(MEMBERS), /60011/],
  ['that of departments is', () => refuse(DEPARTMENTS), /60011/],
  ['that of people is', () => refuse(MEMBER), /60011/],
  ['it is refused from the 20th call on', () => once(20, () => refuse(...EVERYTHING)), /60011/],
  ['it is refused once ids are listed', () => once(3, () => refuse(...EVERYTHING), /listid/), /60011/],
  ['it is refused when people are counted', () => answered(/user\/count/, 1, REFUSED), /60011/],
  ['the range is narrowed to nobody', () => settings({ range: { departments: [], users: [] } }), /EmptyScope/],
  ['the range is narrowed to one person', () => narrow(1), /walked/],
  ['the range is narrowed while departments are read', () => once(12, () => narrow(1)), /withheld/],
  ['the root is hidden', () => answered(/department\/get/, 1, '{"errcode":50004}'), /RootHidden/],
  ['a department is hidden', () => answered(/user\/list$/, 4, '{"errcode":50004}'), /withheld/],
  ['DingTalk counts more people', () => answered(/user\/count/, 1, count(61)), /withheld/],
  ['DingTalk counts nobody', () => answered(/user\/count/, 1, count(0)), /CountOfNobody/],
  ['a storm of 90018', () => settings({ fail: 'throttle=100%' }), /QpsLimitForAppkeyAndApi/],
  ['a storm of 90018, of two calls in five', () => settings({ fail: 'throttle=40%' }), /walked/],
  ['a storm of 90002', () => settings({ fail: 'throttle-all=100%' }), /QpsLimitForApi$/],
  ['the page of HTML, from the 20th call on', () => once(20, () => settings({ fail: 'html=100%' })), /Banned/],
  ['the JSON of the same gate', () => once(20, () => settings({ fail: 'punish=100%' })), /Banned/],
  ['500 from the 20th call on', () => answered(LISTS, 9, 'oops', 500), /Http500/],
  ['DingTalk is busy from the 20th call on', () => once(20, () => settings({ fail: 'busy=100%' })), /ended by -1/],
  ['connections are cut', () => once(20, () => settings({ fail: 'reset=100%' })), /ECONNRESET/],
  ['half an answer', () => once(20, () => settings({ fail: 'truncated=100%' })), /withheld.*NotJson/],
  ['an answer of another kind', () => answered(LISTS, 3, '{"errcode":0,"result":"text"}'), /withheld/],
  ['an answer without its list', () => answered(/listid/, 3, '{"errcode":0}'), /withheld/],
  ['no answer', () => once(20, () => settings({ fail: 'hang=100%' })), /Timeout/],
  ['the address is refused', () => once(20, () => settings({ fail: 'address=100%' })), /60020/],
  ['the token is revoked', () => once(20, () => dingtalk.control('revoke-token', {})), /walked/],
  ['every token is stale', () => once(20, () => settings({ fail: 'stale=100%' })), /40014/],
])('%s', async (_, fault, outcome) => {
  expect(await walk()).toBe('walked')
  const known = await left()
  await fault()
  expect(await walk()).toMatch(outcome)
  expect(await left()).toEqual(known)
  await allIsWell(known)
})

test('a walk that runs out of time', async () => {
  expect(await walk()).toBe('walked')
  const known = await left()
  expect(await walk(2)).toBe('ended by TimeIsOver')
  expect(await left()).toEqual(known)
  await allIsWell(known)
})

const count = (people: number) => `{"errcode":0,"result":{"count":${people}}}`

async function narrow(people: number) {
  const told = await dingtalk.truth()
  const users = told.people.slice(0, people).map(({ userid }) => userid)
  return settings({ range: { departments: [], users } })
}

/** The fault is over; two have left, of whom rosters alone tell, and one has come. */
async function allIsWell(known: readonly string[]): Promise<void> {
  before = () => false
  const range = { departments: ['1'], users: [] }
  await settings({ fail: '', emptied: [], refused: ['Contact.Common.Read'], range })
  // a ban is over
  await dingtalk.clock.advance(6 * 60_000)
  const two = (await dingtalk.truth()).people.slice(20, 22).map(({ userid }) => userid)
  for (const userid of two) await dingtalk.control('dismiss', { userid })
  await dingtalk.control('hire', { name: '小红' })
  expect(await walk()).toBe('walked')
  expect(await left()).toEqual([...known, ...two].sort())
  const { people } = await dingtalk.truth()
  expect(await readRows(observer, 'leftAt IS NULL')).toEqual(rowsOf(people, CORP))
}

import { nameRows } from '../../../local/database/namelessRows'
import type { Environment } from '../../../shared/config'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from '../migrate/playground'

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
  await db.query(
    "INSERT INTO user_info (corpId, userId, columnVersions) VALUES ('', '1', ''), ('', '2', ''), ('ding1', '2', ''), ('ding2', '3', '')",
  )
})

afterEach(() => db.close())

async function start(environment: Environment, isPrivate: boolean): Promise<{ lines: string[]; rows: string[] }> {
  const lines: string[] = []
  await nameRows(db.schema, [shippedMapping], { environment, isPrivate }, (line) => lines.push(line))
  const rows = await db.query('SELECT corpId, userId FROM user_info ORDER BY userId, corpId')
  return { lines, rows: rows.map(({ corpId, userId }) => `${corpId}/${userId}`) }
}

const AS_BEFORE = ['/1', '/2', 'ding1/2', 'ding2/3']

test.each<[string, Environment]>([
  ['no corporation', {}],
  ['an empty one', { DINGTALK_CORP_ID: ' ' }],
])('%s: nothing is done', async (_, environment) => {
  expect(await start(environment, true)).toEqual({ lines: [], rows: AS_BEFORE })
})

test('of a private database each gets the corporation, but for one that has a row of it already', async () => {
  expect(await start({ DINGTALK_CORP_ID: 'ding1' }, true)).toEqual({
    lines: ['user_info: 1 row(s) without corpId, from before there was a DINGTALK_CORP_ID, now have ding1'],
    rows: ['ding1/1', '/2', 'ding1/2', 'ding2/3'],
  })
  expect((await start({ DINGTALK_CORP_ID: 'ding1' }, true)).lines).toEqual([])
})

test("a server of the user's stays as it is, and the statement is printed, which does the same", async () => {
  const { lines, rows } = await start({ DINGTALK_CORP_ID: "ding'1" }, false)
  expect(rows).toEqual(AS_BEFORE)
  const [, statement = ''] = /: (UPDATE .*)$/.exec(lines[0] ?? '') ?? []
  expect(lines[0]).toMatch(/^user_info: 2 row\(s\) without corpId, .* makes a second row, unless/)
  await db.query(statement)
  expect(await start({ DINGTALK_CORP_ID: "ding'1" }, false)).toEqual({
    lines: [],
    rows: ["ding'1/1", "ding'1/2", 'ding1/2', 'ding2/3'],
  })
})

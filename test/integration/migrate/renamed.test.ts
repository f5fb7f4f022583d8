import { upgradeTables } from '../../../local/database/upgradeTables'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from './playground'

const renamed = { ...shippedMapping, table: 'staff' }
let db: Playground

beforeEach(async () => {
  db = await openPlayground()
  await db.migrate(shippedMapping)
})

afterEach(() => db.close())

async function start(): Promise<string[]> {
  const lines: string[] = []
  await upgradeTables(db.schema, [renamed], (line) => lines.push(line))
  return lines
}

const addTo = (table: string) =>
  db.connection.query(`INSERT INTO ${table} (corpId, userId, columnVersions) VALUES ('', 'u', '')`)

test('a new `table:` beside a full one is told, with the command, which then does it', async () => {
  await addTo('user_info')
  expect(await start()).toEqual([
    'staff is new and empty, and user_info beside it has rows and the same key. Is staff its new name? Then, before events come: npm run migrate -- --rename-from user_info=staff',
  ])
  // it is said once
  expect(await start()).toEqual([])
  await db.migrate(renamed, { renameFrom: 'user_info' })
  expect(Object.keys(await db.tables())).toEqual(['dead_letters', 'staff'])
  expect(await db.query('SELECT userId FROM staff')).toEqual([{ userId: 'u' }])
  expect((await db.plan(renamed)).steps).toEqual([])
})

test('nothing is said of an empty one, and nothing is dropped that holds a row', async () => {
  expect(await start()).toEqual([])
  await addTo('user_info')
  await addTo('staff')
  await expect(db.migrate(renamed, { renameFrom: 'user_info' })).rejects.toThrow(
    '--rename-from: staff is already there.',
  )
  expect(await db.query('SELECT COUNT(*) AS rows_ FROM staff')).toEqual([{ rows_: 1 }])
})

import { upgradeTables } from '../../../local/database/upgradeTables'
import { maintainedInstance } from '../../support/maintenance'
import { shippedMapping } from '../../support/mapping'
import { openPlayground, type Playground } from './playground'

let db: Playground
let isMariaDb: boolean

beforeAll(async () => {
  db = await openPlayground()
  const [row] = await db.query('SELECT VERSION() AS version')
  isMariaDb = String(row?.['version']).includes('MariaDB')
})

afterAll(() => db.close())

beforeEach(async () => {
  await db.query('DROP TABLE IF EXISTS user_info')
  await db.migrate(shippedMapping)
})

/** What migrate notes, npm start reports and the doctor finds. */
async function said(): Promise<string[]> {
  const { notes } = await db.plan(shippedMapping)
  const lines: string[] = []
  await upgradeTables(db.schema, [shippedMapping], (line) => lines.push(line))
  const instance = maintainedInstance(db.schema)
  const doctor = await instance.ask({ maintenance: 'doctor' })
  await instance.database.close()
  const [, found] = /^ {2}wrong +table user_info +(.*\n.*)$/m.exec(doctor) ?? []
  return [notes.join('\n'), lines.join('\n'), found ?? '']
}

/** An index of somebody's, and its parts as they are told. */
const functional = () =>
  isMariaDb
    ? 'ADD COLUMN low VARCHAR(256) AS (LOWER(title)) VIRTUAL, ADD UNIQUE INDEX theirs (low)'
    : 'ADD UNIQUE INDEX theirs ((LOWER(title)))'
test.each<[string, () => string, RegExp]>([
  ['one column', () => 'ADD UNIQUE INDEX theirs (jobNumber)', /theirs \(jobNumber\)/],
  ['several', () => 'ADD UNIQUE INDEX theirs (corpId, jobNumber)', /theirs \(corpId, jobNumber\)/],
  ['a part of a key column', () => 'ADD UNIQUE INDEX theirs (corpId, userId(8))', /theirs \(corpId, userId\)/],
  ['the half of the key', () => 'ADD UNIQUE INDEX theirs (userId)', /theirs \(userId\)/],
  ['what is computed', functional, /theirs \((low|\(lower\(`title`\)\))\)/i],
])('a unique index over %s is named beforehand, with what it does and the next step', async (_, sql, parts) => {
  await db.query(`ALTER TABLE user_info ${sql()}`)
  for (const text of await said()) {
    expect(text).toMatch(parts)
    expect(text).toMatch(/second is never stored, and their events go to dead_letters/)
    expect(text).toContain('ALTER TABLE `user_info` DROP INDEX `theirs`')
  }
})

test.each([
  ['an index that is not unique', 'ADD INDEX theirs (jobNumber)'],
  ['one over the whole key and more', 'ADD UNIQUE INDEX theirs (jobNumber, userId, corpId)'],
  ['one that is kept knowingly', "ADD UNIQUE INDEX theirs (jobNumber) COMMENT 'kept'"],
])('%s is not worth a word', async (_, sql) => {
  await db.query(`ALTER TABLE user_info ${sql}`)
  expect(await said()).toEqual(['', '', ''])
})

test('of two both are named', async () => {
  await db.query('ALTER TABLE user_info ADD UNIQUE INDEX one (jobNumber), ADD UNIQUE INDEX two (unionId)')
  for (const text of await said()) expect(text).toMatch(/one \(jobNumber\)[\s\S]*two \(unionId\)/)
})

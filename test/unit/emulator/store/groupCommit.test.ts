import path from 'node:path'
import Database from 'libsql'
import { createGroupCommit } from '../../../../emulator/store/groupCommit'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
let files = 0

/** A table of numbers, and how many transactions were committed. */
function setUp() {
  const database = new Database(path.join(folder, `${++files}.db`))
  database.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY)')
  const insert = database.prepare('INSERT INTO numbers VALUES (?)')
  const exec = database.exec.bind(database)
  let commits = 0
  database.exec = (sql: string) => {
    if (sql === 'COMMIT') commits++
    return exec(sql)
  }
  const numbers = () => (database.prepare('SELECT n FROM numbers').all() as { n: number }[]).map(({ n }) => n)
  return {
    database,
    ...createGroupCommit(database),
    add: (n: number) => insert.run(n).changes,
    numbers,
    count: () => commits,
  }
}

test('what is asked for in one turn shares a transaction, and each gets its own value', async () => {
  const { commit, add, numbers, count } = setUp()
  expect(await Promise.all([commit(() => add(1)), commit(() => 'two'), commit(() => add(3))])).toEqual([1, 'two', 1])
  expect(numbers()).toEqual([1, 3])
  expect(count()).toBe(1)
})

test('a work that throws is undone by itself', async () => {
  const { commit, add, numbers } = setUp()
  const [good, bad, alsoGood] = await Promise.allSettled([
    commit(() => add(1)),
    commit(() => {
      add(2)
      throw new Error('no')
    }),
    commit(() => add(3)),
  ])
  expect([good.status, bad.status, alsoGood.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(numbers()).toEqual([1, 3])
})

test('what cannot be committed rejects everyone, leaves nothing, and does not stop the next', async () => {
  const { database, commit, add, numbers } = setUp()
  const exec = database.exec
  database.exec = (sql: string) => {
    if (sql === 'COMMIT') throw new Error('database or disk is full')
    return exec(sql)
  }
  const results = await Promise.allSettled([commit(() => add(1)), commit(() => add(2))])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(numbers()).toEqual([])
  database.exec = exec
  await commit(() => add(3))
  expect(numbers()).toEqual([3])
})

test('the end commits at once what waits, and what comes after the close rejects', async () => {
  const { database, commit, add, numbers, end } = setUp()
  const waiting = commit(() => add(1))
  end()
  expect(numbers()).toEqual([1])
  await waiting
  database.close()
  // asked for its transaction, a closed database would end this process
  await expect(commit(() => add(2))).rejects.toThrow('The event store is closed.')
})

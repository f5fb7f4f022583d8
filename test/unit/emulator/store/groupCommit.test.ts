import fs from 'node:fs'
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

describe('with a log that is flushed to disk', () => {
  afterEach(() => jest.restoreAllMocks())

  function setUpLog() {
    const file = path.join(folder, `${++files}.db`)
    const database = new Database(file)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE numbers (n INTEGER PRIMARY KEY)')
    const insert = database.prepare('INSERT INTO numbers VALUES (?)')
    const health = { failed: jest.fn(), works: jest.fn(), isFailing: () => true }
    const group = createGroupCommit(database, { logFile: `${file}-wal`, health })
    const close = () => {
      group.end()
      database.close()
    }
    return { ...group, add: (n: number) => insert.run(n).changes, file, health, close }
  }

  function failNextFlush(): void {
    const broken = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
    jest.spyOn(fs, 'fdatasync').mockImplementationOnce((_, callback) => void setImmediate(callback, broken))
  }

  /** What is left of the file where all of its log is lost. */
  function withoutLog(file: string): number[] {
    const copy = path.join(folder, `${++files}.db`)
    fs.copyFileSync(file, copy)
    const database = new Database(copy)
    const rows = database.prepare('SELECT n FROM numbers').all() as { n: number }[]
    database.close()
    return rows.map(({ n }) => n)
  }

  test('what a flush that failed may have lost is in the file itself before it is told to be on disk', async () => {
    const { commit, add, file, health, close } = setUpLog()
    failNextFlush()
    await commit(() => add(1))
    expect(withoutLog(file)).toEqual([1])
    expect(health.failed).not.toHaveBeenCalled()
    close()
  })

  test('where it cannot be, it is refused, and so is what follows on it, until it can', async () => {
    const { commit, add, file, health, close } = setUpLog()
    const reader = new Database(file)
    reader.exec('BEGIN; SELECT * FROM numbers')
    failNextFlush()
    const failure = 'its log was not flushed to disk'
    await expect(commit(() => add(1))).rejects.toThrow(failure)
    await expect(commit(() => add(2))).rejects.toThrow(failure)
    expect(health.failed).toHaveBeenCalledTimes(2)
    expect(health.works).not.toHaveBeenCalled()
    reader.exec('COMMIT')
    await commit(() => add(3))
    expect(withoutLog(file)).toEqual([1])
    expect(health.works).toHaveBeenCalledTimes(1)
    reader.close()
    close()
  })

  test('the end flushes what is under way and what waits, and tells who waits for that', async () => {
    const { commit, add, written, close } = setUpLog()
    let hasBegun = () => {}
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve
    })
    const first = commit(() => {
      add(1)
      hasBegun()
    })
    await begun
    const second = commit(() => add(2), 'soon')
    const all = written()
    close()
    expect(await Promise.all([first, second, all])).toEqual([undefined, 1, undefined])
  })
})

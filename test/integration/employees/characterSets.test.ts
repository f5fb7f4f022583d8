import fs from 'node:fs'
import path from 'node:path'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import type { DatabaseAddress } from '../../../local/database/database'
import { type ControlledServer, controlledServer } from '../../support/controlledServer'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'

/** A text of each character set that node can read. */
const READABLE: Readonly<Record<string, string>> = {
  ascii: 'Ming',
  big5: '陳小明',
  cp1250: 'Łódź',
  cp1251: 'Привет',
  cp1256: 'سلام',
  cp1257: 'Žąsis',
  cp866: 'Привет',
  cp932: '小明カ',
  eucjpms: '小明カ',
  euckr: '안녕',
  gb18030: '小明𠮷',
  gb2312: '小明',
  gbk: '小明镕',
  greek: 'Γειά',
  hebrew: 'שלום',
  koi8r: 'Привет',
  koi8u: 'Їжак',
  latin1: 'Müller',
  latin2: 'Łódź',
  latin5: 'Şükrü',
  latin7: 'Žąsis',
  macroman: 'Müller',
  sjis: '小明カ',
  tis620: 'สวัสดี',
  ujis: '小明カ',
  utf16: '小明𠮷',
  utf16le: '小明𠮷',
  utf8mb3: '小明é',
  utf8mb4: '小明𠮷',
}
/** … and of each that it cannot. */
const UNREADABLE: Readonly<Record<string, string>> = {
  armscii8: 'Անի',
  cp850: 'Müller',
  cp852: 'Łódź',
  dec8: 'Müller',
  geostd8: 'ანა',
  hp8: 'Müller',
  keybcs2: 'Žofia',
  swe7: 'Åsa',
  utf32: 'Ming',
}

interface Probe {
  handler(address: DatabaseAddress & { charset?: string }, statements: readonly string[]): Promise<string>
}

const folder = temporaryFolder()
let schema: DatabaseAddress
let direct: Connection
let probe: Probe
let served: Set<string>

beforeAll(async () => {
  schema = await createTestSchema()
  const { host, port, user, password, database } = schema
  direct = await mysql.createConnection({ host, port, user, password, database, charset: 'utf8mb4_bin' })
  const [sets] = await direct.query<RowDataPacket[]>('SHOW CHARACTER SET')
  served = new Set(sets.map((row) => (row['Charset'] === 'utf8' ? 'utf8mb3' : String(row['Charset']))))
  const project = path.join(__dirname, '../../..')
  fs.mkdirSync(path.join(folder, 'functions/probe'), { recursive: true })
  fs.writeFileSync(
    path.join(folder, 'functions/probe/index.ts'),
    `import mysql from ${JSON.stringify(path.join(project, 'node_modules/mysql2/promise.js'))}
     export async function handler({ charset = 'utf8mb4_bin', ...address }, statements) {
       const connection = await mysql.createConnection({ ...address, charset })
       try {
         let rows
         for (const statement of statements) [rows] = await connection.query(statement)
         return Object.values(rows[0])[0]
       } finally {
         connection.destroy()
       }
     }`,
  )
  await buildFunctions(path.join(folder, 'dist'), path.join(folder, 'none'), path.join(folder, 'functions'))
  probe = require(path.join(folder, 'dist/probe/index.js')) as Probe
})

afterAll(async () => {
  await direct.end()
  await dropTestSchema(schema)
})

/** A table with a text in a character set; false where the server has not that one: MariaDB has no gb18030. */
async function store(characterSet: string, text: string): Promise<boolean> {
  if (!served.has(characterSet)) return false
  await direct.query(`CREATE TABLE in_${characterSet} (text VARCHAR(64) CHARACTER SET ${characterSet})`)
  await direct.query(`INSERT INTO in_${characterSet} VALUES (?)`, [text])
  return true
}

test.each(Object.entries(READABLE))('a bundle reads what a server sends in %s: %s', async (characterSet, text) => {
  if (!(await store(characterSet, text))) return
  const select = `SELECT text FROM in_${characterSet}`
  expect(await probe.handler(schema, ['SET character_set_results = NULL', select])).toBe(text)
  expect(await probe.handler(schema, ['SET NAMES utf8mb4', select])).toBe(text)
})

test.each(Object.entries(UNREADABLE))(
  'text in %s, which node does not know, is an error that says so: %s',
  async (characterSet, text) => {
    if (!(await store(characterSet, text))) return
    const select = `SELECT text FROM in_${characterSet}`
    await expect(probe.handler(schema, ['SET character_set_results = NULL', select])).rejects.toThrow(
      /^The database sent text in \w+, which cannot be read here\. Let the connection be in utf8mb4/,
    )
    expect(await probe.handler(schema, ['SET NAMES utf8mb4', select])).toBe(text)
  },
)

test('ASCII is read in a set that node does not know, however much of it', async () => {
  const select = "SELECT REPEAT('Ming', 100000) AS text"
  expect(await probe.handler(schema, ['SET character_set_results = cp850', select])).toBe('Ming'.repeat(100_000))
})

test('text that a server is told to send in GBK is read, whatever its table is in', async () => {
  await direct.query("CREATE TABLE mixed (text VARCHAR(64) CHARACTER SET utf8mb4) AS SELECT '小明' AS text")
  expect(await probe.handler(schema, ['SET character_set_results = gbk', 'SELECT text FROM mixed'])).toBe('小明')
})

/** The value that the last of the statements reads, or why one of them is refused. */
async function outcome(read: Promise<string>): Promise<string> {
  return read.catch((error: Error) => error.message)
}

/** By the package as it is, with iconv-lite. */
async function readUnbundled(address: DatabaseAddress & { charset: string }, statements: readonly string[]) {
  const connection = await mysql.createConnection(address)
  try {
    let rows: RowDataPacket[] = []
    for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement)
    return String(Object.values(rows[0] ?? {})[0])
  } finally {
    connection.destroy()
  }
}

// MariaDB stores the halves of a pair, and MySQL refuses them
test.each(['小明', '小明𠮷', '𠮷', "Ming's", ''])(
  'a function whose session is in utf8 stores and reads as without a bundle: %j',
  async (text) => {
    const { host, port, user, password, database } = schema
    const session = { host, port, user, password, database, charset: 'utf8' }
    const quoted = direct.escape(text)
    const statements = [
      'DROP TABLE IF EXISTS in_utf8',
      'CREATE TABLE in_utf8 (text VARCHAR(64) CHARACTER SET utf8)',
      `INSERT INTO in_utf8 VALUES (${quoted})`,
      `SELECT text FROM in_utf8 WHERE text = ${quoted}`,
    ]
    const unbundled = await outcome(readUnbundled(session, statements))
    expect(await outcome(probe.handler(session, statements))).toBe(unbundled)
    if (!text.includes('𠮷')) expect(unbundled).toBe(text)
  },
)

describe('whatever the default of the server, in which mysql2 reads what it says of changes in the session', () => {
  let server: ControlledServer

  beforeAll(async () => {
    server = await controlledServer()
  })

  afterAll(() => server.remove())

  test.each(['latin1', 'gbk', 'utf8mb3', 'big5', 'cp850', 'dec8', 'utf32'])('%s', async (characterSet) => {
    await server.signal('SIGKILL') // in order takes MySQL longer
    await server.start(`--character-set-server=${characterSet}`)
    const statements = [
      "SET NAMES utf8mb4 COLLATE utf8mb4_bin, sql_mode = 'TRADITIONAL', time_zone = '+00:00', autocommit = 1",
      'START TRANSACTION',
      'ROLLBACK',
      "SELECT '小明𠮷'",
    ]
    expect(await probe.handler(server.address, statements)).toBe('小明𠮷')
  })
})

import fs from 'node:fs'
import path from 'node:path'
import { upgradeTables } from '../../../local/database/upgradeTables'
import { readMappings } from '../../../shared/mapping/readMappings'
import { whereRefused, withPlaces } from '../../../shared/mapping/whereRefused'
import { PROJECT } from '../../support/documents'
import { maintainedInstance } from '../../support/maintenance'
import { shippedMappings } from '../../support/mapping'
import { openPlayground, type Playground } from './playground'

const SHIPPED = fs.readFileSync(path.join(PROJECT, 'mapping.yaml'), 'utf8')
const NICKNAME_LINE = SHIPPED.split('\n').length

let db: Playground

beforeEach(async () => {
  db = await openPlayground()
})

afterEach(() => db.close())

/** The shipped file with a column of this type at the end of its last table. */
function withType(type: string): string {
  return `${SHIPPED}  nickname: { slot: 90, from: .nick, type: ${JSON.stringify(type)} }\n`
}

function onStart(text: string): Promise<void> {
  const mappings = readMappings(text, 'mapping.yaml')
  return withPlaces(text, 'mapping.yaml', () => upgradeTables(db.schema, mappings, () => {}))
}

/** In the words of MariaDB or MySQL. */
const TYPES: [type: string, reason: RegExp][] = [
  [
    'VARCHR(10) NULL',
    /(Unknown data type: 'VARCHR' \(ER_UNKNOWN_DATA_TYPE\)|near 'VARCHR\(10\) NULL.*' \(ER_PARSE_ERROR\))$/,
  ],
  ['VARCHAR(10) CHARACTER SET utf9 NULL', /Unknown character set: 'utf9' \(ER_UNKNOWN_CHARACTER_SET\)$/],
  ['VARCHAR(10) COLLATE foo_bin NULL', /Unknown collation: 'foo_bin' \(ER_UNKNOWN_COLLATION\)$/],
  ["INT NULL DEFAULT 'many'", /Invalid default value for 'nickname' \(ER_INVALID_DEFAULT\)$/],
  ['VARCHAR(99999) NULL', /Column length too big for column 'nickname' .*\(ER_TOO_BIG_FIELDLENGTH\)$/],
  ['INT NULL INDEX', /near 'INDEX.*' \(ER_PARSE_ERROR\)$/],
  ['VARCHAR NULL', /near 'NULL.*' \(ER_PARSE_ERROR\)$/],
  ['INT NULL AUTO_INCREMENT', /only one auto column .*\(ER_WRONG_AUTO_KEY\)$/],
  ['DATETIME(9) NULL', /precision .*for 'nickname'.* \(ER_TOO_BIG_PRECISION\)$/],
]

describe.each(TYPES)('the type %s', (type, reason) => {
  const text = withType(type)
  const where = new RegExp(`^mapping\\.yaml:${NICKNAME_LINE}:\\d+ the type of nickname: the database refuses it: `)

  test.each(['makes', 'changes'])('where npm start %s the tables', async (verb) => {
    if (verb === 'changes') await db.migrate(shippedMappings)
    const before = await db.tables()
    const error: Error = await onStart(text).then(
      () => new Error('started'),
      (reason: Error) => reason,
    )
    expect(error.name).toBe('UserError')
    expect(error.message).toMatch(where)
    expect(error.message).toMatch(reason)
    // nothing of the statement that it was tried by, and nothing about rights
    expect(error.message).not.toMatch(/the-key|PRIMARY|as_mapping|manual|rights|\n/)
    expect(await db.tables()).toEqual(before)
  })

  test.each(['makes', 'changes'])('where npm run migrate %s them', async (verb) => {
    if (verb === 'changes') await db.migrate(shippedMappings)
    const before = await db.tables()
    const planning = withPlaces(text, 'mapping.yaml', () => db.plan(readMappings(text, 'mapping.yaml')))
    await expect(planning).rejects.toThrow(where)
    expect(await db.tables()).toEqual(before)
  })
})

test('a column of the key whose type cannot be one', async () => {
  const text = SHIPPED.replace(/(userId:\n {4}type: ).*/, '$1TEXT NOT NULL')
  await expect(onStart(text)).rejects.toThrow(
    /^mapping\.yaml:\d+:5 the type of userId: .*\(ER_BLOB_KEY_WITHOUT_LENGTH\)$/,
  )
})

test('several are all named; columns that do not fit together, too', async () => {
  const two = `${withType('VARCHR(1)')}  other: { slot: 91, from: .other, type: INT NULL DEFAULT 'x' }\n`
  await expect(onStart(two)).rejects.toThrow(
    /^mapping\.yaml:\S+ the type of nickname: .*\n.*mapping\.yaml:\S+ the type of other: .*$/,
  )
  const wide = `${withType('VARCHAR(16000) NULL')}  other: { slot: 91, from: .other, type: VARCHAR(16000) NULL }\n`
  await expect(onStart(wide)).rejects.toThrow(
    /^mapping\.yaml:\d+:1 the columns and the key together: .*\(ER_TOO_BIG_ROWSIZE\)$/,
  )
})

test('the doctor says it with the place, or, in the function, without', async () => {
  await db.migrate(shippedMappings)
  const mappings = readMappings(withType('VARCHAR(10) COLLATE foo_bin NULL'), 'mapping.yaml')
  const instance = maintainedInstance(db.schema, { mappings })
  try {
    expect(await instance.ask({ maintenance: 'doctor' })).toMatch(
      /wrong +table departments +the type of nickname: the database refuses it: Unknown collation: 'foo_bin' \(ER_UNKNOWN_COLLATION\)\n +→ mend mapping\.yaml/,
    )
  } finally {
    await instance.database.close()
  }
  expect(whereRefused({ column: 'nickname', reason: 'why' }, 'departments', withType('INT'), 'mapping.yaml')).toBe(
    `mapping.yaml:${NICKNAME_LINE}:38 the type of nickname: the database refuses it: why`,
  )
})

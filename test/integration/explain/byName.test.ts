import { findByName } from '../../../cli/explain/findByName'
import { mysqlVariables } from '../../../local/database/database'
import type { Mapping } from '../../../shared/mapping/mapping'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { type MaintainedInstance, maintainedInstance } from '../../support/maintenance'
import { shippedMapping, shippedMappings } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { openPlayground, type Playground } from '../migrate/playground'

let db: Playground
let instance: MaintainedInstance

beforeAll(async () => {
  db = await openPlayground()
  await db.migrate(shippedMappings)
  instance = maintainedInstance(db.schema)
  const deliver = employeesOn(instance.database)
  const people = [
    { userId: '1', name: '小明', jobnumber: 'A-1', department: [7] },
    { userId: '2', name: '小明' },
    { userId: '3', name: '小明明' },
    { userId: '4', name: 'Li Lei' },
    { userId: '5', name: '100%_|' },
    { userId: '李雷', name: '李雷' },
    { userId: 'alice', name: 'Alice' },
    { userId: '7', name: 'alice' },
    { userId: '6', name: '韩梅梅' },
    { userId: '6', name: '韩梅梅', corpId: 'another' },
  ]
  for (const [index, person] of people.entries()) {
    await deliver(deliveredEvent({ syncAction: 'user_add_org', ...person }, { id: `e${index}` }))
  }
  const leaves = { syncAction: 'user_leave_org', userId: '1' }
  await deliver(deliveredEvent(leaves, { id: 'left', time: '2036-04-01T00:00:00Z' }))
})

afterAll(async () => {
  await instance.database.close()
  await db.close()
})

const explain = (...words: string[]) => runCli('explain', words, mysqlVariables(db.schema))

test('several of one name: a list, with what tells them apart, and who has left at its end', async () => {
  const { code, output } = await explain('小明')
  expect(code).toBe(0)
  expect(output.split('\n').slice(1)).toEqual([
    'Several people have this name. Name one by userId: npm run explain -- <userId>',
    expect.stringMatching(/^ {2}userId {2}corpId {2}name {2,}department {2}title {2}jobNumber$/),
    expect.stringMatching(/^ {2}2 +– +小明 +– +– +– +has not left$/),
    expect.stringMatching(/^ {2}1 +– +小明 +\[7\] +– +A-1 +left: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
    '',
  ])
})

test('a part of several names: they are said to have it in their names', async () => {
  const { output } = await explain('明')
  expect(output).toContain(
    '\nSeveral people have this in their name. Name one by userId: npm run explain -- <userId>\n',
  )
  expect(output.match(/^ {2}[123] /gm)).toHaveLength(3)
})

test('a user id that is the name of others, too: its row, and who they are', async () => {
  const { code, output } = await explain('alice')
  expect(code).toBe(0)
  expect(output).toMatch(/\nuser_info: corpId –, userId alice\n/)
  expect(output).toMatch(/\nThe same is the name of:\n.*\n {2}7 +– +alice /)
  expect((await explain('7')).output).not.toContain('The same is the name of')
})

test.each<[string, string, string]>([
  ['one of this name', 'Li Lei', '4'],
  ['a part of one name', 'Lei', '4'],
  ['blanks around it', ' Li Lei ', '4'],
  ['characters that LIKE takes for others', '%_|', '5'],
  ['one person of two corporations', '韩梅梅', '6'],
])('%s: the row', async (_, name, userId) => {
  const { code, output } = await explain(name)
  expect([code, output]).toEqual([0, expect.stringContaining(`\nuser_info: corpId –, userId ${userId}\n`)])
  expect(output).toContain('\nin the log: ')
})

test.each(['王五', '_x', '小%'])(
  'nobody called %s: where was looked, and what to do, without the name',
  async (name) => {
    const { code, output } = await explain(name)
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /\nNothing has this in user_info as userId or name, or in departments as deptId or name, and no event in dead_letters is about such an id\. .*the event trace\.\n$/,
      ),
    ])
    expect(output).not.toContain(`${name} `)
  },
)

test('a user id that no row can have goes before names: its dead letter', async () => {
  const { code, output } = await explain('李雷')
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/\nuser_info: no row\ndead letters, not stored; .*:\n {2}e5 .* ASCII\n/),
  ])
})

test('an event id, in place of a name: the dead letters of that event, which may name nobody', async () => {
  await db.query(
    `INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES ('d', 's', 'e-nobody', 'names no userId', '{}')`,
  )
  const { code, output } = await explain('e-nobody')
  expect(code).toBe(0)
  expect(output).toMatch(/\ndead letters, not stored; .*\n {2}e-nobody {2}\S+Z {2}names no userId\n$/)
})

test('an empty word names nobody', async () => {
  expect(await explain('')).toEqual({
    code: 1,
    output: 'Name one employee: npm run explain -- <userId or name>\n',
  })
})

test('a mapping whose names are elsewhere, in a column of ASCII, or nowhere', async () => {
  const columns = shippedMapping.columns
  const renamed: Mapping = {
    ...shippedMapping,
    columns: columns.map((column) => (column.name === 'lastAction' ? { ...column, as: 'name' } : column)),
  }
  expect((await findByName(db.connection, renamed, 'leave_org')).userIds).toEqual(['1'])
  const ascii: Mapping = {
    ...shippedMapping,
    columns: columns.map((column) => (column.name === 'lastEventId' ? { ...column, as: 'name' } : column)),
  }
  expect((await findByName(db.connection, ascii, '韩')).userIds).toEqual(['6'])
  const nameless: Mapping = { ...shippedMapping, columns: columns.filter(({ name }) => name !== 'name') }
  expect((await findByName(db.connection, nameless, '韩')).userIds).toEqual([])
})

test('more than anybody reads: the first of them', async () => {
  const many = Array.from({ length: 25 }, (_, index) => `('', 'many-${index}', 'Ming ${index}', '')`)
  await db.query(`INSERT INTO user_info (corpId, userId, name, columnVersions) VALUES ${many.join(', ')}`)
  const { output } = await explain('Ming')
  expect(output.match(/^ {2}many-/gm)?.length).toBe(20)
  expect(output).toContain('\n  … and others: give more of the name\n')
})

test('a department is found by its id and by its name; --table asks one table alone', async () => {
  const deliver = employeesOn(instance.database, shippedMappings)
  const made = { syncAction: 'org_dept_create', corpId: 'd', id: 77, name: '示例部' }
  await deliver(deliveredEvent(made, { id: 'made' }))
  for (const word of ['77', '示例部', '示例']) {
    const { code, output } = await explain(word)
    expect([code, output]).toEqual([0, expect.stringContaining('\ndepartments: corpId d, deptId 77\n')])
    expect(output).toMatch(/\n {2}name +示例部 .* by made\n/)
  }
  expect(await explain('77', '--table', 'user_info')).toMatchObject({
    code: 1,
    output: expect.stringContaining('\nNothing has this in user_info as userId or name, and no event'),
  })
  expect(await explain('77', '--table', 'people')).toMatchObject({
    code: 1,
    output: expect.stringContaining('--table takes one of user_info, departments, as mapping.yaml has them.'),
  })
})

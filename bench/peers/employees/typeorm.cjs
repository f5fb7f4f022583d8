require('reflect-metadata')
const { DataSource, EntitySchema } = require('typeorm')
const { COLUMNS, rowOf } = require('./row.cjs')

const { MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE, TABLE } = process.env
const [corpId, userId, ...others] = COLUMNS
const Employee = new EntitySchema({
  name: TABLE,
  columns: Object.fromEntries([
    ...[corpId, userId].map((name) => [name, { type: 'varchar', primary: true }]),
    ...others.map((name) => [name, { type: 'varchar', nullable: true }]),
  ]),
})
const source = new DataSource({
  type: 'mysql',
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  username: MYSQL_USER,
  password: MYSQL_PASSWORD,
  database: MYSQL_DATABASE,
  entities: [Employee],
})
const opened = source.initialize()

/** typeorm's upsert of all events of a call: whatever comes last is what stays. */
exports.handler = async (payload) => {
  const rows = [JSON.parse(payload)].flat().map(rowOf)
  const people = rows.map((row) => Object.fromEntries(COLUMNS.map((name, index) => [name, row[index]])))
  await (await opened).getRepository(Employee).upsert(people, [corpId, userId])
}

// The employees function with typeorm.
require('reflect-metadata')
const { DataSource, EntitySchema } = require('typeorm')

const { MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE, TABLE } = process.env
const text = { type: 'varchar', nullable: true }
const flag = { type: 'boolean', nullable: true }
const json = { type: 'json', nullable: true }
const Person = new EntitySchema({
  name: 'Person',
  tableName: TABLE,
  columns: {
    corpId: { type: 'varchar', primary: true },
    userId: { type: 'varchar', primary: true },
    ...{ name: text, active: text, isAdmin: text, dingId: text, orderInDepts: text },
    ...{ isLeaderInDepts: json, isBoss: flag, isSenior: flag, isHide: flag, department: json },
  },
})
const source = new DataSource({
  type: 'mysql',
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  username: MYSQL_USER,
  password: MYSQL_PASSWORD,
  database: MYSQL_DATABASE,
  poolSize: 1,
  entities: [Person],
})
let opened

exports.handler = async (bytes) => {
  opened ??= source.initialize()
  const repository = (await opened).getRepository(Person)
  const { syncAction: _, ...body } = JSON.parse(bytes.toString()).data.body
  const isLeaderInDepts = JSON.parse(body.isLeaderInDepts.replace(/([{,])(\d+):/g, '$1"$2":'))
  await repository.upsert({ ...body, corpId: '', isLeaderInDepts }, ['corpId', 'userId'])
  return { stored: 1 }
}

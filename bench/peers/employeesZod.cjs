// The employees function with zod and mysql2: checks the event and writes the row over the one that is there.
const mysql = require('mysql2/promise')
const { z } = require('zod')

const person = z.object({
  syncAction: z.string(),
  userId: z.string(),
  name: z.string().optional(),
  active: z.boolean().optional(),
  isAdmin: z.boolean().optional(),
  dingId: z.string().optional(),
  orderInDepts: z.string().optional(),
  isLeaderInDepts: z.string().optional(),
  isBoss: z.boolean().optional(),
  isSenior: z.boolean().optional(),
  isHide: z.boolean().optional(),
  department: z.array(z.number()).optional(),
})
const delivered = z.object({
  id: z.string(),
  source: z.string(),
  specversion: z.literal('1.0'),
  type: z.string(),
  time: z.string(),
  data: z.object({ body: person }),
})

const { MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE, TABLE } = process.env
const pool = mysql.createPool({
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  user: MYSQL_USER,
  password: MYSQL_PASSWORD,
  database: MYSQL_DATABASE,
  connectionLimit: 1,
})

const COLUMNS = [
  ...['corpId', 'userId', 'name', 'active', 'isAdmin', 'dingId', 'orderInDepts'],
  ...['isLeaderInDepts', 'isBoss', 'isSenior', 'isHide', 'department'],
]
const UPSERT = `INSERT INTO ${TABLE} (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON DUPLICATE KEY UPDATE ${COLUMNS.slice(2)
    .map((column) => `${column} = VALUES(${column})`)
    .join(', ')}`

exports.handler = async (bytes) => {
  const { body } = delivered.parse(JSON.parse(bytes.toString())).data
  const leader = body.isLeaderInDepts?.replace(/([{,])(\d+):/g, '$1"$2":')
  const row = { ...body, corpId: '', isLeaderInDepts: leader, department: JSON.stringify(body.department ?? []) }
  await pool.execute(
    UPSERT,
    COLUMNS.map((column) => row[column] ?? null),
  )
  return { stored: 1 }
}

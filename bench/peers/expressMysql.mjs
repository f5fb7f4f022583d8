// What an average developer would write: a webhook that checks the sender, and one upsert a request.
import express from 'express'
import mysql from 'mysql2/promise'

const {
  MYSQL_HOST: host,
  MYSQL_PORT: port,
  MYSQL_USER: user,
  MYSQL_PASSWORD: password,
  MYSQL_DATABASE: database,
} = process.env
const pool = mysql.createPool({ host, port: Number(port), user, password, database, connectionLimit: 10 })

const COLUMNS = [
  ...['corpId', 'userId', 'name', 'dingId', 'active', 'isAdmin', 'isBoss'],
  ...['isSenior', 'isHide', 'orderInDepts', 'isLeaderInDepts', 'department', 'eventTime'],
]
const UPSERT = `INSERT INTO express_users (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON DUPLICATE KEY UPDATE ${COLUMNS.map((column) => `${column} = VALUES(${column})`).join(', ')}`

const ALLOWED_IPS = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

const app = express()
app.use(express.json())
app.post('/webhook/putEvents', async (req, res) => {
  const event = req.body
  if (req.get('referer') !== 'https://oapi.dingtalk.com/') return res.status(403).json({ code: 'Forbidden' })
  if (!ALLOWED_IPS.has(req.socket.remoteAddress)) return res.status(403).json({ code: 'Forbidden' })
  if (typeof event?.syncAction !== 'string' || typeof event.userId !== 'string' || event.userId === '') {
    return res.status(400).json({ code: 'BadRequest' })
  }
  await pool.execute(UPSERT, [
    ...[
      event.CorpId,
      event.userId,
      event.name,
      event.dingId,
      event.active,
      event.isAdmin,
      event.isBoss,
      event.isSenior,
    ],
    ...[event.isHide, event.orderInDepts, event.isLeaderInDepts, JSON.stringify(event.department), new Date()],
  ])
  res.json({ ok: true })
})
const server = app.listen(0, '127.0.0.1', () => console.log(`ready on ${server.address().port}`))

const { connection } = require('./connection.cjs')
const { COLUMNS, INSERT, UPDATE, rowOf } = require('./row.cjs')

const sql = `${INSERT} (${COLUMNS.map(() => '?').join(', ')}) ${UPDATE}`

/** mysql2, a prepared statement an event: whatever comes last is what stays. */
exports.handler = async (payload) => {
  for (const event of [JSON.parse(payload)].flat()) await (await connection).execute(sql, rowOf(event))
}

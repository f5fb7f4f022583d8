const { connection } = require('./connection.cjs')
const { INSERT, UPDATE, rowOf } = require('./row.cjs')

/** mysql2, one statement for all events of a call: whatever comes last is what stays. */
exports.handler = async (payload) => {
  await (await connection).query(`${INSERT} ? ${UPDATE}`, [[JSON.parse(payload)].flat().map(rowOf)])
}

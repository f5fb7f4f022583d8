const { createHash } = require('node:crypto')
const { connection } = require('./connection.cjs')
const { rowOf } = require('./row.cjs')

/** The statement of the function for so many rows, and where the versions of its columns are. */
const { GUARDED_SQL, SLOTS } = process.env
const slots = JSON.parse(SLOTS)
const BYTES = 24

/** mysql2, the statement by which the function compares versions, prepared, with nothing of the function around it. */
exports.handler = async (payload) => {
  const events = [JSON.parse(payload)].flat()
  await (await connection).execute(GUARDED_SQL, events.flatMap(guardedRow))
}

/** One version for all that the event says: its time, and a hash of it. */
function guardedRow(event) {
  const [corpId, userId, ...values] = rowOf(event)
  const version = Buffer.alloc(BYTES)
  version.writeUIntBE(Date.parse(event.time), 0, 6)
  createHash('sha256')
    .update(event.id)
    .digest()
    .copy(version, 15, 0, BYTES - 15)
  const versions = Buffer.alloc((Math.max(...slots) + 1) * BYTES)
  for (const [index, value] of values.entries()) {
    if (value !== null) version.copy(versions, slots[index] * BYTES)
  }
  return [corpId, userId, ...values, versions]
}

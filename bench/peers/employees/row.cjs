exports.COLUMNS = [
  ...['corpId', 'userId', 'dingId', 'active', 'isAdmin', 'name', 'unionId', 'department', 'orderInDepts'],
  ...['isLeaderInDepts', 'isBoss', 'isSenior', 'isHide', 'title', 'jobNumber', 'hiredDate', 'managerUserId', 'leftAt'],
  ...['lastAction', 'lastEventId', 'lastEventTime', 'syncState', 'joinedAt'],
]
const names = exports.COLUMNS.map((name) => `\`${name}\``)
exports.INSERT = `INSERT INTO \`${process.env.TABLE}\` (${names.join(', ')}) VALUES`
exports.UPDATE = `ON DUPLICATE KEY UPDATE ${names.map((name) => `${name} = VALUES(${name})`).join(', ')}`

/** The row that an event makes, of the values that this connector sends. */
exports.rowOf = ({ id, time, data: { body } }) => {
  const at = new Date(time).toISOString().replace('T', ' ').replace('Z', '')
  const isGone = body.syncAction === 'user_leave_org'
  return [
    body.CorpId ?? '',
    body.userId,
    body.dingId ?? null,
    String(body.active),
    String(body.isAdmin),
    body.name ?? null,
    body.unionid ?? null,
    JSON.stringify(body.department ?? []),
    body.orderInDepts ?? null,
    body.isLeaderInDepts?.replace(/(\d+):/g, '"$1":') ?? null,
    body.isBoss ? 1 : 0,
    body.isSenior ? 1 : 0,
    body.isHide ? 1 : 0,
    body.position ?? null,
    body.jobnumber ?? null,
    body.hiredDate ?? null,
    body.managerUserid ?? null,
    isGone ? at : null,
    body.syncAction,
    id,
    at,
    'ok',
    isGone ? null : at,
  ]
}

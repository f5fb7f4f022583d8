/** A table of which a test changes a part. */
export const good = `table: user_info
action: $.data.body.syncAction
time: [$.time]
events:
  user_add_org: { set: { leftAt: null } }
key:
  userId: { type: VARCHAR(64) NOT NULL, from: $.data.body.userId }
columns:
  name: { slot: 0, type: VARCHAR(10), from: [$.data.body.name, "$['data']['other name']"] }
  leftAt: { slot: 3, type: DATETIME(3), as: time }
`

export const withRoster = good
  .replace(
    '  user_add_org:',
    '  gone: { ends: leftAt }\n  seen: { type: their:Snapshot, clears: leftAt }\n  user_add_org:',
  )
  .replace(
    'key:',
    'roster: { type: their:Roster, action: all, absent: gone, after: .after, upTo: .to, ids: [.ids, .list] }\nkey:',
  )

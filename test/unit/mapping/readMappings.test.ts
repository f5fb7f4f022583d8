import { UserError } from '../../../shared/userError'
import { readMapping, shippedMapping } from '../../support/mapping'

const good = `table: user_info
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

test('a mapping is plain data, its paths taken apart', () => {
  const mapping = readMapping(good, 'mapping.yaml')
  expect(JSON.parse(JSON.stringify(mapping))).toEqual(mapping)
  expect(mapping.columns[0]).toEqual({
    name: 'name',
    type: 'VARCHAR(10)',
    slot: 0,
    as: 'text',
    from: [{ path: ['data', 'body', 'name'] }, { path: ['data', 'other name'] }],
    empty: 'clear',
    bad: 'keep',
    zone: 'Asia/Shanghai',
    personal: false,
    maxLength: 10,
  })
  expect(mapping.events).toEqual({ user_add_org: { wins: false, set: { leftAt: { constant: null } } } })
})

test('a path that begins with a point begins where the fields are', () => {
  const text = good
    .replace('action:', 'fields: [$.data.body, $.data.body.data]\nsequence: .n\naction:')
    .replace('from: $.data.body.userId', 'from: [.userId, $.id]')
    .replace("from: [$.data.body.name, \"$['data']['other name']\"]", "template: '${.a}-${$.b}'")
    .replace('key:', 'parts: [{ path: .diff, about: .diff.id, before: .diff.old, after: .diff.new }]\nkey:')
  const { fields, sequence, key, columns, parts, spellings } = readMapping(text, 'mapping.yaml')
  expect(fields).toEqual([
    ['data', 'body'],
    ['data', 'body', 'data'],
  ])
  expect(sequence).toEqual([['data', 'body', 'n']])
  expect(key[0]?.from).toEqual([['data', 'body', 'userId'], ['id']])
  expect(columns[0]?.from).toEqual([{ template: ['', ['data', 'body', 'a'], '-', ['b'], ''] }])
  const change = { before: ['old'], after: ['new'] }
  expect(parts).toEqual([{ path: ['data', 'body', 'diff'], about: [['id']], change }])
  expect(spellings).toEqual({ N: 'n', UserId: 'userId', A: 'a', Diff: 'diff' })
})

test.each([
  ["'${.a'", 'has a ${ without its }'],
  ["'${.a} ${.b'", 'has a ${ without its }'],
  ['$.a', 'has no ${…} with a path in it; a constant is a value'],
])('of the template %s', (template, problem) => {
  const text = good.replace(
    'leftAt: { slot: 3',
    `title: { slot: 4, type: TEXT, template: ${template} }\n  leftAt: { slot: 3`,
  )
  expect(() => readMapping(text, 'mapping.yaml')).toThrow(`mapping.yaml:10:33 columns.title.template: ${problem}`)
})

test.each([
  ['', 'is empty'],
  ['VARCHAR(10', 'has a bracket without its other one'],
  ['VARCHAR 10)', 'has a bracket without its other one'],
  ["INT DEFAULT 'x", 'has a quote that is not closed'],
  ['INT NULL, other INT', 'must be the type of one column, and nothing else'],
  ['INT NULL; DROP TABLE user_info', 'must be the type of one column, and nothing else'],
  ['INT NULL -- a note', 'must be the type of one column, and nothing else'],
])('the type %j %s', (type, problem) => {
  const text = good.replace('type: VARCHAR(10)', `type: ${JSON.stringify(type)}`)
  expect(() => readMapping(text, 'mapping.yaml')).toThrow(`mapping.yaml:9:20 columns.name.type: ${problem}`)
})

test.each(["ENUM('a,b','c)') NULL", "DECIMAL(10,2) NULL COMMENT 'a -- b; \\'c'", 'INT CHECK ((a) > (1)) NULL'])(
  'the type %s is one',
  (type) => {
    const text = good.replace('type: VARCHAR(10)', `type: ${JSON.stringify(type)}`)
    expect(readMapping(text, 'mapping.yaml').columns[0]?.type).toBe(type)
  },
)

test.each<[string, object]>([
  ['VARCHAR(10)', { maxLength: 10 }],
  ['CHAR(3) NULL', { maxLength: 3 }],
  ['varchar (20) character set ascii collate ascii_bin', { maxLength: 20, isAscii: true }],
  ['TEXT COLLATE ascii_bin', { isAscii: true }],
  ['VARCHAR(5) CHARSET=ascii', { maxLength: 5, isAscii: true }],
  ['INT', {}],
])('what the type %s says of texts', (type, limits) => {
  const [column] = readMapping(good.replace('VARCHAR(10)', type), 'mapping.yaml').columns
  const { maxLength, isAscii } = column ?? {}
  expect(JSON.parse(JSON.stringify({ maxLength, isAscii }))).toEqual(limits)
})

test('names that a list has in both cases need no other spelling', () => {
  const text = good.replace('from: $.data.body.userId', 'from: [.userId, .UserId, .biz_id]')
  expect(readMapping(text, 'mapping.yaml').spellings).toEqual({ Biz_id: 'biz_id' })
})

test('what is not written there is not in a mapping, and a zone is that of the table', () => {
  const plain = readMapping(good, 'mapping.yaml')
  expect(plain).toMatchObject({ subtype: [], zone: 'Asia/Shanghai', spellings: {} })
  expect(plain).not.toHaveProperty('each')
  expect(plain.columns[0]).not.toHaveProperty('after')
  expect(readMapping(good.replace('{ set: {', '{ stage: 0, set: {'), 'mapping.yaml')).toEqual(plain)
  const zoned = good.replace('key:', 'zone: UTC\nkey:').replace('as: time', 'as: time, zone: Asia/Tokyo')
  expect(readMapping(zoned, 'mapping.yaml').columns.map(({ zone }) => zone)).toEqual(['UTC', 'Asia/Tokyo'])
})

test('an event that ends something sets the column that says since when', () => {
  const { events, ended } = readMapping(
    good.replace('key:', '  gone: { ends: leftAt, set: { name: x } }\nkey:'),
    'mapping.yaml',
  )
  expect(ended).toEqual([{ column: 0, since: 1, to: [{ constant: 'x' }] }])
  expect(events['gone']).toEqual({
    wins: false,
    ends: 'leftAt',
    set: { name: { constant: 'x' }, leftAt: { time: true } },
  })
})

const withRoster = good
  .replace(
    '  user_add_org:',
    '  gone: { ends: leftAt }\n  seen: { type: their:Snapshot, clears: leftAt }\n  user_add_org:',
  )
  .replace(
    'key:',
    'roster: { type: their:Roster, action: all, absent: gone, after: .after, upTo: .to, ids: [.ids, .list] }\nkey:',
  )

test('an event of a type of its own, and a roster', () => {
  const { events, roster } = readMapping(withRoster, 'mapping.yaml')
  expect(events['seen']).toEqual({ type: 'their:Snapshot', wins: false, set: {}, clears: 'leftAt' })
  const at = (name: string) => ['data', 'body', name]
  const paths = { after: [at('after')], upTo: [at('to')], ids: [at('ids'), at('list')] }
  expect(roster).toEqual({ type: 'their:Roster', action: 'all', absent: 'gone', ...paths })
})

test.each<[string, object]>([
  ['5', { count: 5, percent: 0 }],
  ['"5,2%"', { count: 5, percent: 2 }],
  ['2.5%', { count: 0, percent: 2.5 }],
  ['" 2% , 5 "', { count: 5, percent: 2 }],
  ['100%', { count: 0, percent: 100 }],
  ['0', { count: 0, percent: 0 }],
])('a limit of its own: %s', (limit, expected) => {
  const text = withRoster.replace('ids: [', `limit: ${limit}, ids: [`)
  expect(readMapping(text, 'mapping.yaml').roster?.limit).toEqual(expected)
})

test.each<[string, string, string, string]>([
  ['a roster without a type', 'type: their:Roster, ', '', 'roster.type: is missing'],
  ['one without a beginning', 'after: .after, ', '', 'roster.after: must be a path or a list of paths'],
  ['one whose absent ones do what no event does', 'absent: gone', 'absent: went', 'roster.absent: must name one of'],
  [
    'one whose absent ones have not ended',
    'absent: gone',
    'absent: seen',
    'roster.absent: must name one of the events',
  ],
  ['one by the name of an event', 'action: all', 'action: gone', 'roster.action: gone is one of the events already'],
  ['a path that cannot be read', 'upTo: .to', 'upTo: to', 'roster.upTo: "to" lacks its dot: write .to'],
  ['a limit in words', 'ids: [', 'limit: few, ids: [', 'roster.limit: must be a number, a percentage or both'],
  ['a limit below zero', 'ids: [', 'limit: -1, ids: [', 'roster.limit: must be a number'],
  ['a limit of three parts', 'ids: [', 'limit: "1,2,3%", ids: [', 'roster.limit: must be a number'],
  ['a limit beyond all', 'ids: [', 'limit: 101%, ids: [', 'roster.limit: must be a number'],
  ['a column that is cleared and is none', 'clears: leftAt', 'clears: left', 'events.seen.clears: is not a column'],
  [
    'a stage beside a roster',
    '{ ends: leftAt }',
    '{ ends: leftAt, stage: 1 }',
    'events.gone.stage: goes with no roster',
  ],
  ['a roster of an item', 'upTo: .to', 'upTo: "@.to"', 'roster.upTo: "@.to": roster is the whole event'],
  ['an end that clears', 'ends: leftAt }', 'ends: leftAt, clears: name }', 'events.gone.clears: goes with no ends'],
])('%s is refused', (_, part, instead, message) => {
  expect(withRoster).toContain(part)
  expect(() => readMapping(withRoster.replace(part, instead), 'mapping.yaml')).toThrow(message)
})

test("the shipped mapping has the article's columns and numbers every slot once", () => {
  const names = [...shippedMapping.key, ...shippedMapping.columns].map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['dingId', 'active', 'isAdmin', 'userId', 'name']))
  expect(new Set(shippedMapping.columns.map(({ slot }) => slot)).size).toBe(shippedMapping.columns.length)
})

test.each<[string, string, string, string]>([
  ['YAML that does not parse', '{ slot: 0,', '{ slot: 0', 'mapping.yaml:9:'],
  ['a tab', '  name:', '\tname:', 'mapping.yaml:9:'],
  [
    'a key that comes twice',
    'table: user_info',
    'table: user_info\ntable: x',
    'mapping.yaml:2:1 table comes twice in one map: where a further document begins, a line --- is missing',
  ],
  ['a column that comes twice', '  leftAt', '  name', 'mapping.yaml:10:3 name comes twice in one map'],
  ['a typo', 'slot: 3', 'slott: 3', 'mapping.yaml:10:13 columns.leftAt.slott: is not known here'],
  [
    'a type whose comma ends it',
    'DATETIME(3)',
    'DECIMAL(6,2) NULL',
    'columns.leftAt.2) NULL: is not known here: where a text between { and } has a comma, put it in quotes',
  ],
  ['a typo in the last part', 'columns:', 'colums:', 'mapping.yaml:8:1 colums: is not known here'],
  ['no table', 'table: user_info\n', '', 'mapping.yaml:1:1 table: is missing'],
  ['a list for a text', 'table: user_info', 'table: [user_info]', 'mapping.yaml:1:1 table: must be text'],
  ['a text for a map', '{ slot: 3, type: DATETIME(3), as: time }', 'x', 'columns.leftAt: must be a map of names and'],
  ['a time that is no path', 'time: [$.time]', 'time: 3', 'mapping.yaml:3:1 time: must be a path or a list of paths'],
  ['a time without a path', 'time: [$.time]', 'time: []', 'mapping.yaml:3:1 time: must be a path or a list of paths'],
  ['a number for text', 'table: user_info', 'table: 5', 'mapping.yaml:1:1 table: must be text'],
  [
    'a column that holds as long as two things do',
    'set: { leftAt: null } }',
    'ends: leftAt, set: { name: x } }\n  gone: { ends: movedAt, set: { name: y } }',
    'events.gone.ends: name holds as long as leftAt already, by user_add_org',
  ],
  [
    'a column of a value and a path',
    'slot: 0,',
    'slot: 0, value: 5,',
    '9:3 columns.name: takes one of from, value and template',
  ],
  [
    'a column of a template and a path',
    'slot: 0,',
    "slot: 0, template: '${$.a}',",
    '9:3 columns.name: takes one of from, value and template',
  ],
  ['a list to be set', 'leftAt: null', 'leftAt: []', 'leftAt: must be text, a number, true, false or null'],
  [
    'a table with a quote',
    'table: user_info',
    'table: "user`info"',
    'mapping.yaml:1:1 table: must be a plain identifier',
  ],
  ['a column with a space', '  name:', '  "na me":', 'mapping.yaml:9:3 columns.na me: must be a plain identifier'],
  [
    'a slot that comes twice',
    'slot: 3',
    'slot: 0',
    "mapping.yaml:10:13 columns.leftAt.slot: slot 0 is already name's: take 1, ",
  ],
  [
    'a slot that comes twice where none is left',
    'slot: 3, type: DATETIME(3), as: time }',
    'slot: 127, type: DATETIME(3), as: time }\n  other: { slot: 127, type: TEXT }',
    "other.slot: slot 127 is already leftAt's",
  ],
  ['a slot beyond the last', 'slot: 3', 'slot: 128', 'mapping.yaml:10:13 columns.leftAt.slot: must be 0 to 127'],
  ['a negative slot', 'slot: 3', 'slot: -1', 'columns.leftAt.slot'],
  ['an unknown reading', 'as: time', 'as: tine', 'columns.leftAt.as: must be one of text, '],
  ['a path with a wildcard', '$.data.body.name', '$.data.*', 'columns.name.from'],
  ['a path that does not begin at the root', '$.data.body.userId', 'data.body.userId', 'key.userId.from'],
  ['an event that sets no column', 'leftAt: null', 'leftOn: null', 'is not a column of this file'],
  [
    'a key that is a column too',
    'name: { slot: 0',
    'userId: { slot: 0',
    'columns.userId: there is a column of this name',
  ],
  [
    '… in another case',
    'name: { slot: 0',
    'USERID: { slot: 0',
    'columns.USERID: there is a column of this name already',
  ],
  ['two columns alike but for case', '  name:', '  LeftAt:', 'columns.leftAt: there is a column of this name already'],
  [
    'the name of a column that every table has',
    '  name:',
    '  createdAt:',
    'columns.createdAt: createdAt is a column of our',
  ],
  [
    '… in another case',
    '  name:',
    '  updatedat:',
    'columns.updatedat: updatedAt is a column of our own in every table',
  ],
  ['… in the key', 'userId:', 'columnVersions:', 'key.columnVersions: columnVersions is a column of our own in every'],
  ['its name in the first version', '  name:', '  versions:', 'columns.versions: versions is a column of our own'],
  ['an event that sets what every object has', 'leftAt: null', 'toString: null', 'is not a column of this file'],
  ['an end by no column', 'set: { leftAt: null }', 'ends: leftOn', 'events.user_add_org.set.leftOn: is not a column'],
  ['an end by a column that is no time', 'set: { leftAt: null }', 'ends: name', 'ends: name must be read as: time'],
  ['a name without its dot', '$.data.body.name', 'orderInDepts', '"orderInDepts" lacks its dot: write .orderInDepts'],
  ['names without their dot', '$.data.body.name', 'diffInfo.curr.name', 'lacks its dot: write .diffInfo.curr.name'],
  [
    'an item without its dot',
    'key:',
    'each: .list\nsequence: "@checkTime"\nkey:',
    '"@checkTime" lacks its dot: write @.checkTime',
  ],
  ['a root without its dot', '$.data.body.name', '$name', '"$name" lacks its dot: write $.name'],
  ['a path from within the root', '$.data.body.name', 'data.body.name', 'lacks its dot: write $.data.body.name'],
  ['a path from within the data', '$.data.body.name', 'body.name', 'lacks its dot: write $.data.body.name'],
  [
    'a stage beyond the last',
    '{ set: { leftAt: null } }',
    '{ stage: 16 }',
    '5:19 events.user_add_org.stage: must be 0 to 15',
  ],
  [
    'a stage below the first',
    '{ set: { leftAt: null } }',
    '{ stage: -1 }',
    'events.user_add_org.stage: must be 0 to 15',
  ],
  ['a stage between two', '{ set: { leftAt: null } }', '{ stage: 1.5 }', 'events.user_add_org.stage: must be a whole'],
  ['a stage in words', '{ set: { leftAt: null } }', '{ stage: last }', 'stage: must be a number'],
  ['an item of no list', '$.data.body.userId', '"@.id"', '7:41 key.userId.from: "@.id": @ is an item of the list that'],
  ['@ without quotes', '$.data.body.userId', '@.id', 'mapping.yaml:7:47 begins with @, which YAML keeps for itself'],
  [
    'an item in a template',
    "from: [$.data.body.name, \"$['data']['other name']\"]",
    "template: '${@.a}'",
    'columns.name.template: "@.a": @ is',
  ],
  ['an item in a part', 'key:', 'parts: [{ path: "@.a", about: "@.a.b" }]\nkey:', 'parts.0.path: "@.a": @ is'],
  [
    'the action of an item',
    'action: $.data.body.syncAction',
    'each: .list\naction: "@.a"',
    '3:1 action: "@.a": action is the whole event',
  ],
  ['the subtype of an item', 'key:', 'each: .list\nsubtype: "@.a"\nkey:', 'subtype: "@.a": subtype is the whole event'],
  ['a list within itself', 'key:', 'each: ["@.a"]\nkey:', '6:1 each: "@.a": each is the whole event'],
  ['an item where the fields are', 'key:', 'each: .list\nfields: "@"\nkey:', 'fields: "@" cannot be read'],
  ['a list of no path', 'key:', 'each: []\nkey:', '6:1 each: must be a path or a list of paths'],
  ['a list without its dot', 'key:', 'each: dataList\nkey:', 'each: "dataList" lacks its dot: write .dataList'],
  ['a subtype that is no path', 'key:', 'subtype: 5\nkey:', 'subtype: must be a path or a list of paths'],
  [
    'a separator that is empty',
    'slot: 0,',
    'slot: 0, after: "",',
    '9:20 columns.name.after: must be a text that is not empty',
  ],
  ['a separator that is a number', 'slot: 0,', 'slot: 0, after: 1,', 'columns.name.after: must be text'],
  [
    'a separator of nothing',
    'as: time',
    'as: time, after: ";"',
    '10:51 columns.leftAt.after: goes with from or template',
  ],
  [
    'words for nothing',
    'as: time',
    'as: time, values: { a: b }',
    '10:51 columns.leftAt.values: goes with from or template',
  ],
  [
    'words that are none',
    'slot: 0,',
    'slot: 0, values: one,',
    '9:20 columns.name.values: must be a map of names and values',
  ],
  ['words in a list', 'slot: 0,', 'slot: 0, values: [one],', 'columns.name.values: must be a map of names and values'],
  [
    'a word that is a list',
    'slot: 0,',
    'slot: 0, values: { 1: [one] },',
    '9:30 columns.name.values.1: must be text, a number, true',
  ],
  [
    'a zone that there is not',
    'slot: 0,',
    'slot: 0, zone: Asia/Beijing,',
    '9:20 columns.name.zone: must be a time zone',
  ],
  [
    'a zone that there is not, of the table',
    'key:',
    'zone: CST8\nkey:',
    '6:1 zone: must be a time zone, such as Asia/Shanghai',
  ],
  ['two dots', '$.data.body.name', 'a..b', '"a..b" cannot be read'],
  ['fields that are no path', 'action:', 'fields: body\naction:', 'fields: "body" cannot be read'],
  ['a part outside itself', 'key:', 'parts: [{ path: .a, about: .b }]\nkey:', 'parts.0.about: must lie within .a'],
  [
    'a before without an after',
    'key:',
    'parts: [{ path: .a, about: .a.b, before: .a.c }]\nkey:',
    'before and after go together',
  ],
  [
    'a default that is a value',
    'from: $.data.body.userId',
    'from: $.x, default: ding1',
    'key.userId.default: must be $',
  ],
  [
    'no key',
    '  userId: { type: VARCHAR(64) NOT NULL, from: $.data.body.userId }',
    '  {}',
    'key: needs at least one column',
  ],
])('%s is refused with its place', (_, part, instead, message) => {
  expect(good).toContain(part)
  const read = () => readMapping(good.replace(part, instead), 'mapping.yaml')
  expect(read).toThrow(UserError)
  expect(read).toThrow(message)
})

test.each([
  ['İd', {}],
  ['ßatz', {}],
  ['éa', { Éa: 'éa' }],
  ['😀', {}],
  ['1st', {}],
])('the other spelling of %s', (name, other) => {
  const text = good.replace('$.data.body.name', `.${name}`)
  expect(readMapping(text, 'mapping.yaml').spellings).toEqual(other)
})

test('every fault is named at once', () => {
  const read = () => readMapping(good.replace('slot: 3', 'slot: 500').replace('as: time', 'as: x'), 'mapping.yaml')
  expect(read).toThrow(/columns\.leftAt\.slot[^\n]*\n[^\n]*columns\.leftAt\.as/)
})

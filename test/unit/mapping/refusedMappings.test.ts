import { UserError } from '../../../shared/userError'
import { readMapping } from '../../support/mapping'
import { good, withRoster } from './good'

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
  ['a beginning that cannot be read', 'after: .after', 'after: after', 'roster.after: "after" lacks its dot'],
  ['ids that cannot be read', '[.ids, .list]', 'ids', 'roster.ids: "ids" lacks its dot: write .ids'],
  ['two counts', 'ids: [', 'limit: "1,2", ids: [', 'roster.limit: must be a number'],
  ['two percentages', 'ids: [', 'limit: "1%,2%", ids: [', 'roster.limit: must be a number'],
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
  [
    'a failure that sets no column',
    'key:',
    'failed: { path: .errcode, set: { state: failed } }\nkey:',
    '6:34 failed.set.state: is not a column of this file',
  ],
  ['an event that sets what every object has', 'leftAt: null', 'toString: null', 'is not a column of this file'],
  ['an end by no column', 'set: { leftAt: null }', 'ends: leftOn', 'events.user_add_org.set.leftOn: is not a column'],
  ['an end by a column that is no time', 'set: { leftAt: null }', 'ends: name', 'ends: name must be read as: time'],
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

test('every fault is named at once', () => {
  const read = () => readMapping(good.replace('slot: 3', 'slot: 500').replace('as: time', 'as: x'), 'mapping.yaml')
  expect(read).toThrow(/columns\.leftAt\.slot[^\n]*\n[^\n]*columns\.leftAt\.as/)
})

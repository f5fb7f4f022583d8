import { UserError } from '../../../shared/userError'
import { readMapping } from '../../support/mapping'
import { good } from './good'

test.each<[string, string, string, string]>([
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
  ['two dots', '$.data.body.name', 'a..b', '"a..b" cannot be read'],
  ['fields that are no path', 'action:', 'fields: body\naction:', 'fields: "body" cannot be read'],
  ['a part outside itself', 'key:', 'parts: [{ path: .a, about: .b }]\nkey:', 'parts.0.about: must lie within .a'],
  ['a path with a wildcard', '$.data.body.name', '$.data.*', 'columns.name.from'],
  ['a path that does not begin at the root', '$.data.body.userId', 'data.body.userId', 'key.userId.from'],
])('%s is refused with its place', (_, part, instead, message) => {
  expect(good).toContain(part)
  const read = () => readMapping(good.replace(part, instead), 'mapping.yaml')
  expect(read).toThrow(UserError)
  expect(read).toThrow(message)
})

test('names that a list has in both cases need no other spelling', () => {
  const text = good.replace('from: $.data.body.userId', 'from: [.userId, .UserId, .biz_id]')
  expect(readMapping(text, 'mapping.yaml').spellings).toEqual({ Biz_id: 'biz_id' })
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

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
  ['data without its dot', '$.data.body.name', 'data', '"data" lacks its dot: write $.data'],
  ['a name with a number', '$.data.body.name', 'list1', '"list1" lacks its dot: write .list1'],
  ['a name that ends as one from within the root', '$.data.body.name', 'metadata.x', 'write .metadata.x'],
  ['a name that ends as one from within the data', '$.data.body.name', 'antibody.x', 'write .antibody.x'],
  ['data of an item', 'key:', 'each: .list\nsequence: "@data.x"\nkey:', '"@data.x" lacks its dot: write @.data.x'],
  ['a name that begins with no letter', '$.data.body.name', '-a', '"-a" cannot be read from "-a" on'],
  ['a name with a blank', '$.data.body.name', 'a b', '"a b" cannot be read from "a b" on'],
  ['a time without its dot', '[$.time]', 'at', '3:1 time: "at" lacks its dot: write .at'],
  ['a sequence without its dot', 'key:', 'sequence: [.n, n]\nkey:', '6:1 sequence: "n" lacks its dot: write .n'],
  ['a key without its dot', 'from: $.data.body.userId', 'from: userId', '7:41 key.userId.from: "userId" lacks its dot'],
  [
    'a failure without its dot',
    'key:',
    'failed: { path: errcode }\nkey:',
    '6:11 failed.path: "errcode" lacks its dot: write .errcode',
  ],
  [
    'a fullwidth comma',
    'from: $.data.body.userId',
    'from: "$.data.body.a，b"',
    'key.userId.from: "$.data.body.a，b" has the fullwidth ，, where , is meant',
  ],
  [
    'a fullwidth comma behind a name in quotes',
    'from: $.data.body.userId',
    `from: "$['a.b'].c，d"`,
    'has the fullwidth ，, where , is meant',
  ],
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
  [
    'what was before outside the part',
    'key:',
    'parts: [{ path: .a, about: .a.b, before: .c, after: .a.d }]\nkey:',
    'parts.0.before: must lie within .a',
  ],
  [
    'what is after outside the part',
    'key:',
    'parts: [{ path: .a, about: .a.b, before: .a.c, after: .d }]\nkey:',
    'parts.0.after: must lie within .a',
  ],
  [
    'a before without an after',
    'key:',
    'parts: [{ path: .a, about: .a.b, before: .a.c }]\nkey:',
    '6:9 parts.0: before and after go together',
  ],
  [
    'an after without a before',
    'key:',
    'parts: [{ path: .a, about: .a.b, after: .a.c }]\nkey:',
    '6:9 parts.0: before and after go together',
  ],
  ['a path with a wildcard', '$.data.body.name', '$.data.*', 'columns.name.from'],
  ['a path that does not begin at the root', '$.data.body.userId', 'data.body.userId', 'key.userId.from'],
])('%s is refused with its place', (_, part, instead, message) => {
  expect(good).toContain(part)
  const read = () => readMapping(good.replace(part, instead), 'mapping.yaml')
  expect(read).toThrow(UserError)
  expect(read).toThrow(message)
})

test.each(["$['a，b']", '$["a，b"]', "$['a，b'].c['d，e']"])(
  'the path %s has its commas in quotes, as it may',
  (path) => {
    const text = good.replace('from: $.data.body.userId', `from: ${JSON.stringify(path)}`)
    expect(readMapping(text, 'mapping.yaml').key[0]?.from[0]?.[0]).toBe('a，b')
  },
)

test('what the event has in one case and its items in the other is spelled otherwise in both', () => {
  const text = good
    .replace('from: $.data.body.userId', 'from: [.userId, "@.UserId"]')
    .replace('key:', 'each: .list\nkey:')
  expect(readMapping(text, 'mapping.yaml').spellings).toEqual({ List: 'list', UserId: 'userId', userId: 'UserId' })
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

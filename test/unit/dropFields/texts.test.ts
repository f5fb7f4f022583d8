import { compileFields } from '../../../shared/dropFields/fieldNames'
import { applyCuts, findCuts } from '../../../shared/dropFields/findCuts'

const fields = compileFields(['mobile', '手机'])
const cutAt = (level: number, text: string) => applyCuts(text, findCuts(text, fields, level))

const json = (value: unknown) => JSON.stringify(value)
const twice = (text: string) => encodeURIComponent(encodeURIComponent(text))
const nestedIn = (depth: number, text: string) => `${'['.repeat(depth)}${text}${']'.repeat(depth)}`

test.each<[what: string, text: string, left: string]>([
  ['the first member', '{"mobile":1,"a":2}', '{"a":2}'],
  ['a member in the middle', '{"a":1, "mobile":2 , "b":3}', '{"a":1 , "b":3}'],
  ['the last member', '{"a":1 , "mobile":2}', '{"a":1}'],
  ['two members in a row', '{"a":1,"mobile":2,"Mobile":3,"b":4}', '{"a":1,"b":4}'],
  ['all members', '{ "mobile":1, "Mobile":2 }', '{  }'],
  ['a member with a list', '{"mobile":[1,{"a":"]"}],"b":[]}', '{"b":[]}'],
  ['a member with an object', '{"mobile":{"a":{"b":"}"}},"b":{}}', '{"b":{}}'],
  ['a member behind empty ones', '{"a":{},"b":[],"c":"","mobile":1}', '{"a":{},"b":[],"c":""}'],
  ['a member of an object in a list', '[1,{"mobile":1,"a":[{"mobile":2}]},3]', '[1,{"a":[{}]},3]'],
  ['a member behind an escaped quote', '{"a":"\\"","mobile":"\\\\","b":"\\\\"}', '{"a":"\\"","b":"\\\\"}'],
  ['an escaped key', '{"m\\u006Fbile":1,"a":2}', '{"a":2}'],
  ['a key of several words', '{"user.mobile":1,"my mobile":2,"a.b":3}', '{"a.b":3}'],
  ['a key that is JSON', json({ '{"mobile":1}': 1, '{"a":1}': 2 }), json({ '{"a":1}': 2 })],
  ['a key that is a form', json({ 'a=1&m%6fbile=2': 1, 'a=1&b=2': 2 }), json({ 'a=1&b=2': 2 })],
  ['JSON in a string', json({ a: json({ mobile: 1, b: 2 }), c: 3 }), json({ a: json({ b: 2 }), c: 3 })],
  ['JSON in a string of a list', json([json({ mobile: 1, b: 2 }), 'x']), json([json({ b: 2 }), 'x'])],
  ['JSON in a string that is all', ` ${json(json({ mobile: 1, b: 2 }))}`, ` ${json(json({ b: 2 }))}`],
  ['a form in a string', json({ a: 'b=1&mobile=2&c=3' }), json({ a: 'b=1&c=3' })],
  ['a form behind an escape', json({ a: '\nb="1"&mobile=2' }), json({ a: '\nb="1"' })],
  ['a text in a list, which leaves its place', json([1, 'mobile: 1', 2]), '[1,null,2]'],
  ['a text in an object, with its key', json({ a: 'mobile: 1', b: 2 }), '{"b":2}'],
  ['blanks around JSON', ' \n{"mobile":1}\t', ' \n{}\t'],
  ['JSON as deep as it may be', nestedIn(63, '{"mobile":1}'), nestedIn(63, '{}')],
  ['the first pair', 'mobile=1&a=2', 'a=2'],
  ['a pair in the middle', 'a=1&mobile=2&b=3', 'a=1&b=3'],
  ['the last pair', 'a=1&mobile=2', 'a=1'],
  ['the only pair', 'mobile=1', ''],
  ['a pair whose value is a word', 'mobile=x&a=2', 'a=2'],
  ['a pair before what ends as Base64 does', 'mobile=1&a==', 'a=='],
  ['a pair without a value', 'a=1&mobile=&b', 'a=1&b'],
  ['an encoded name', '%6D%6fbile=1&a=2', 'a=2'],
  ['an encoded name of another script', '%E6%89%8B%e6%9c%BA=1&a=2', 'a=2'],
  ['a name of two words', 'my+mobile=1&a=2', 'a=2'],
  ['a name in brackets', 'user%5Bmobile%5D=1&user[mobile]=2&a=3', 'a=3'],
  ['a form in a value', 'a=b%3D%2B%26mobile%3D1&c=+%20', 'a=b%3D%2B&c=+%20'],
  ['JSON in a value', `小=+&a=${encodeURIComponent('{"mobile":1,"b":2}')}`, `小=+&a=${encodeURIComponent('{"b":2}')}`],
  ['JSON in a value that is not encoded', 'a={"mobile":1,"b":"x%20y"}&c=3', 'a={"b":"x%20y"}&c=3'],
  ['a name beside JSON that is whole', 'mobile={"a":1}&b=2', 'b=2'],
  ['a name beside a value with a quote, last', 'b=2&mobile="', 'b=2'],
  ['a pair before half a quote', 'mobile=1&b="x', 'b="x'],
  ['a pair behind half a quote', 'b="x&mobile=1', 'b="x'],
  ['an encoded form', 'a%3D1%26mobile%3D2', 'a%3D1'],
  ['a form that is encoded twice', twice('a=1&mobile=2'), twice('a=1')],
  ['a blank that a plus sign is', 'a+b%3D1%26mobile%3D2', 'a+b%3D1'],
])('of a text only the field goes: %s', (_, text, left) => {
  expect(cutAt(0, text)).toBe(left)
})

test.each<[what: string, text: string]>([
  ['JSON that breaks off', '{"mobile":"1'],
  ['a string that breaks off', '"mobile: 1'],
  ['a list that breaks off', '[{"mobile":1}'],
  ['JSON that is too deep', nestedIn(64, '{"mobile":1}')],
  ['a line', 'mobile: 1'],
  ['a line in Chinese', '小，手机：1'],
  ['an equals sign in Chinese', '手机＝1'],
  ['a line behind another', 'a: 1\nmobile: 2'],
  ['a name in quotes', 'x "mobile" : 1'],
  ['a name in escaped quotes', 'x \\"mobile\\": 1'],
  ['a name in brackets', "x ['mobile']: 1"],
  ['a name before a plus sign', 'x(mobile+:1)'],
  ['a name of another script', '姓名:x,手机:1'],
  ['a tag', '<mobile>1</mobile>'],
  ['the end of a tag', '1</mobile>'],
  ['a tag with a namespace', '<dt-1:mobile>1'],
  ['a tag of another script', '<手机>1'],
  ['an escaped name', 'x {"m\\u006Fbile":1}'],
  ['a name that is escaped twice', 'x {"m\\\\u006fbile":1}'],
  ['a name that is escaped in capitals', '{m\\U006Fbile:1'],
  ['an encoded name', '{%6Dobile:1'],
  ['a name that is encoded twice', '{%256Dobile:1'],
  ['a name that is encoded, then escaped', '{%5Cu006dobile:1'],
  ['what is encoded too often, whatever it is', `{hotel%${'5Cu0025'.repeat(7)}6d:1`],
  ['a form whose JSON has an &', 'a={"mobile":"1&2"}&b=3'],
  ['a form whose XML has an &', 'a=<mobile>1&2</mobile>'],
  ['a form whose quotes have an &', 'a="mobile=1&2"'],
  ['a form with a quote in a name', 'x"mobile=1&2"'],
  ['a form with JSON in a name', '"a"=1,"mobile"=x&y'],
  ['an encoded line', 'mobile%3A%201'],
  ['the list of names that are encoded', '%5B%7B%22mobile%22%3A1'],
])('a text that cannot be taken apart goes as a whole: %s', (_, text) => {
  expect(cutAt(0, text)).toBeUndefined()
  expect(cutAt(1, text)).toBeUndefined()
})

test.each<[what: string, text: string]>([
  ['a name in a value', '{"a":"mobile"}'],
  ['a word of a value', '{"a":"my mobile"}'],
  ['a number', '{"a":1.0,"mobiles":[1e400]}'],
  ['half an object that names none', '{"a":"mobile'],
  ['half an object, whose value names one', '["mobile","a":1'],
  ['Base64', 'x:mobile='],
  ['Base64 with two signs', 'x:mobile=='],
  ['Base64 between blanks', ' mobile= '],
  ['a name with nothing behind it', 'mobile='],
  ['another name', 'automobile: 1'],
  ['another name in a form', 'automobile=1&mobiles=mobile'],
  ['another tag', '<mobiles>mobile</mobiles>'],
  ['a namespace', '<mobile:a>1'],
  ['a percent sign', 'mobile 100%'],
  ['a percent sign that encodes nothing', 'mobile %zz'],
  ['a bracket in a sentence', 'x [mobile] y'],
  ['what is encoded often, and names none', `{hotel%${'5Cu0025'.repeat(6)}6d:1`],
  ['JSON that is too deep, and names none', nestedIn(70, '1')],
])('a text stays as it is: %s', (_, text) => {
  expect(cutAt(0, text)).toBe(text)
  expect(cutAt(1, text)).toBe(text)
})

test.each<[text: string, isKept: boolean]>([
  ['send the mobile: by post', true],
  ['send the 手机：by post', true],
  ['第1 mobile: x', true],
  ['send 1 mobile: x', true],
  ['send the mobile = x', false],
  ['x: the mobile: y, mobile: z', false],
  ['mobile: x', false],
  ['x, mobile: y', false],
  ['x\nmobile: y', false],
  ['send the 手机＝1', false],
])('%j is a sentence within an event: %s; as all of a body it is no event', (text, isKept) => {
  expect(cutAt(1, text)).toBe(isKept ? text : text.includes('=') ? '' : undefined)
  expect(cutAt(0, text)).toBe(text.includes('=') ? '' : undefined)
})

const inLists = (times: number, text: string): string => (times === 0 ? text : json([inLists(times - 1, text)]))
const inForms = (times: number, text: string): string =>
  times === 0 ? text : `x=${encodeURIComponent(inForms(times - 1, text))}`
const encoded = (times: number, text: string): string =>
  times === 0 ? text : encodeURIComponent(encoded(times - 1, text))

test('text in text is taken apart eight times, and what is within that goes as a whole', () => {
  expect(cutAt(0, inLists(8, '{"mobile":1,"a":2}'))).toBe(inLists(8, '{"a":2}'))
  expect(cutAt(0, inLists(9, '{"mobile":1,"a":2}'))).toBe(inLists(8, '[null]'))
  expect(cutAt(0, inForms(8, 'mobile=1&a=2'))).toBe(inForms(8, 'a=2'))
  expect(cutAt(0, inForms(9, 'mobile=1&a=2'))).toBe(inForms(8, ''))
  expect(cutAt(0, encoded(8, 'mobile=1&a=2'))).toBe(encoded(8, 'a=2'))
  expect(cutAt(0, encoded(9, 'mobile=1&a=2'))).toBeUndefined()
  expect(cutAt(0, inForms(9, 'mobiles=1&a=2'))).toBe(inForms(9, 'mobiles=1&a=2'))
})

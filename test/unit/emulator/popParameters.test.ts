import { parseParameters, readParameters } from '../../../emulator/pop/readParameters'

const read = (line: string, sent: Record<string, string>) =>
  readParameters(parseParameters(line), new Map(Object.entries(sent)))

const list = '[{"Id":"a","ParamList":[{"Form":"CONSTANT","Value":"1"},{"Form":"ORIGINAL"}]}]'
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test.each<[string, string, Record<string, string>, object]>([
  ['a text as it is', 'Name', { Name: ' {} ' }, { Name: ' {} ' }],
  ['an empty text', 'Name', { Name: '' }, { Name: '' }],
  ['what is not known', 'Name', { Name: 'a', RegionId: 'b', ClientToken: 'c', 'Name.1': 'd' }, { Name: 'a' }],
  ['what is left out', 'Name Limit:number Targets:json', {}, {}],
  ['a number', 'Limit:number', { Limit: '50' }, { Limit: 50 }],
  ['a negative number', 'Limit:number', { Limit: '-1' }, { Limit: -1 }],
  ['an empty number', 'Limit:number', { Limit: '' }, {}],
  ['JSON', 'T:json', { T: list }, { T: JSON.parse(list) }],
  ["JSON as Go's encoder writes it", 'H:json', { H: '{"Type":"HTTP\\u0026HTTPS"}' }, { H: { Type: 'HTTP&HTTPS' } }],
  ['an empty list', 'T*:json', { T: '[]' }, { T: [] }],
  ['an empty object, which is none', 'H:json', { H: '{}' }, {}],
  ['an object with nothing in it', 'H:json', { H: '{"Ip":[],"Type":"","X":{},"Y":null}' }, {}],
  ['null', 'H:json', { H: 'null' }, {}],
  ['an empty JSON text', 'H:json', { H: ' ' }, {}],
  [
    'a flattened list',
    'T:json',
    {
      'T.1.Id': 'a',
      'T.1.ParamList.1.Form': 'CONSTANT',
      'T.1.ParamList.1.Value': '1',
      'T.1.ParamList.2.Form': 'ORIGINAL',
    },
    { T: JSON.parse(list) },
  ],
  ['one out of order', 'Ids:json', { 'Ids.10': 'c', 'Ids.2': 'b', 'Ids.1': 'a' }, { Ids: ['a', 'b', 'c'] }],
  ['a flattened object', 'H:json', { 'H.Method.1': 'GET', 'H.Type': 'HTTP' }, { H: { Method: ['GET'], Type: 'HTTP' } }],
  ['its empty members', 'H:json', { 'H.Ip.1': '', 'H.Type': 'HTTP' }, { H: { Type: 'HTTP' } }],
  ['one with nothing in it', 'H:json', { 'H.Ip.1': '', 'H.Type': '' }, {}],
  ['a name that is part of another', 'T:json', { 'Ts.1': 'a' }, {}],
  ['a text where there are members, too', 'H:json', { 'H.A': 'x', 'H.A.B': 'y' }, { H: { A: { B: 'y' } } }],
])('reads %s', (_what, line, sent, request) => {
  expect(read(line, sent)).toEqual(request)
})

test('a member named __proto__ is a member', () => {
  const { H } = read('H:json', { 'H.__proto__.polluted': '1' }) as { H: object }
  expect(Object.keys(H)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test.each<[string, string, Record<string, string>, string]>([
  ['what must be there and is not', 'Name*', {}, 'MissingName'],
  ['what must be there and is empty', 'Name*', { Name: '' }, 'MissingName'],
  ['JSON that must be there', 'T*:json', {}, 'MissingT'],
  ['an object that must be there and is empty', 'N*:json', { N: '{}' }, 'MissingN'],
  ['a number that is none', 'Limit:number', { Limit: 'ten' }, 'InvalidLimit'],
  ['a number with a point', 'Limit:number', { Limit: '1.5' }, 'InvalidLimit'],
  ['a text that is no JSON', 'T:json', { T: '[{' }, 'InvalidT'],
  ['JSON too deep', 'T:json', { T: deep(200) }, 'InvalidT'],
  ['flattened too deep', 'T:json', { [`T${'.a'.repeat(200)}`]: 'x' }, 'InvalidT'],
])('refuses %s', (_what, line, sent, code) => {
  expect(() => read(line, sent)).toThrow(expect.objectContaining({ status: 400, code }))
})

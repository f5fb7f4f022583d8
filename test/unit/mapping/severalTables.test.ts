import { readMappings } from '../../../shared/mapping/readMappings'
import { whereRefused } from '../../../shared/mapping/whereRefused'
import { UserError } from '../../../shared/userError'

const table = (name: string, more = '') => `table: ${name}
action: .action
time: [$.time]
events: { ${name}_added: {} }
key: { id: { type: VARCHAR(64) NOT NULL, from: .id } }
columns:
  name: { slot: 0, type: VARCHAR(10) NULL, from: .name }
${more}`
const [ONE, TWO] = [table('one'), table('two')]
const namesIn = (text: string) => readMappings(text, 'm.yaml').map((mapping) => mapping.table)

test.each<[string, string, string[]]>([
  ['one document', ONE, ['one']],
  ['two', `${ONE}---\n${TWO}`, ['one', 'two']],
  ['`---` at the start', `---\n${ONE}`, ['one']],
  ['`---` below a comment at the start', `# columns\n---\n${ONE}`, ['one']],
  ['`---` at the end', `${ONE}---\n`, ['one']],
  ['comments alone behind the last `---`', `${ONE}---\n# no more\n`, ['one']],
  ['`---` twice', `${ONE}---\n---\n${TWO}`, ['one', 'two']],
  ['the end marked', `${ONE}...\n---\n${TWO}...\n`, ['one', 'two']],
  ['line ends of Windows', `${ONE}---\n${TWO}`.replaceAll('\n', '\r\n'), ['one', 'two']],
])('%s', (_, text, names) => {
  expect(namesIn(text)).toEqual(names)
})

test.each<[string, string, string[]]>([
  ['nothing at all', '', ['m.yaml:1:1 must be a map of names and values']],
  ['comments alone', '# none\n---\n', ['m.yaml:2:4 must be a map of names and values']],
  [
    'a table twice',
    `${ONE}---\n${ONE}`,
    ['m.yaml:9:1 table: there is a table one in this file already: one document of it is enough'],
  ],
  [
    'a table twice, but for case',
    `${ONE}---\n${table('ONE')}`,
    ['m.yaml:9:1 table: there is a table ONE in this file already: one document of it is enough'],
  ],
  ['our own table', table('dead_letters'), ['m.yaml:1:1 table: there is a table of ours of this name already']],
  [
    'faults in both',
    `${table('one', '  age: { slot: 0, type: INT NULL }\n')}---\n${table('two', '  age: { slot: 200, type: INT NULL }\n')}`,
    ['m.yaml:17:10 columns.age.slot: must be 0 to 127'],
  ],
  [
    'a slot twice in each',
    `${table('one', '  age: { slot: 0, type: INT NULL }\n')}---\n${table('two', '  age: { slot: 0, type: INT NULL }\n')}`,
    [
      "m.yaml:8:10 columns.age.slot: slot 0 is already name's: take 1, unless a column that is gone had it",
      "m.yaml:17:10 columns.age.slot: slot 0 is already name's: take 1, unless a column that is gone had it",
    ],
  ],
  [
    'the last slot twice',
    table('one', '  age: { slot: 127, type: INT NULL }\n  size: { slot: 127, type: INT NULL }\n'),
    ["m.yaml:9:11 columns.size.slot: slot 127 is already age's"],
  ],
  [
    'a word without its colon in the second',
    `${ONE}---\n${TWO}action .x\n`,
    ['m.yaml:16:1 has no colon behind its name, or no blank behind the colon: name: value'],
  ],
  ['a document that is a word', `${ONE}---\nnothing\n`, ['m.yaml:9:1 must be a map of names and values']],
  [
    'what is no name within the file',
    `${ONE}---\n${TWO.replace('.name', '*name')}`,
    ['m.yaml:15:50 begins with *, which YAML takes for the name of something else in the file: put it in quotes'],
  ],
])('%s is refused', (_, text, lines) => {
  expect(() => readMappings(text, 'm.yaml')).toThrow(new UserError(lines.join('\n')))
})

test('slots are a table’s own, and what the server refuses is told by its place in its own table', () => {
  const text = `${ONE}---\n${TWO}`
  expect(readMappings(text, 'm.yaml').map(({ columns }) => columns[0]?.slot)).toEqual([0, 0])
  const refused = { column: 'name', reason: 'why' }
  expect(whereRefused(refused, 'one', text, 'm.yaml')).toMatch(/^m\.yaml:7:20 /)
  expect(whereRefused(refused, 'two', text, 'm.yaml')).toMatch(/^m\.yaml:15:20 /)
  expect(whereRefused({ ...refused, column: 'id' }, 'two', text, 'm.yaml')).toMatch(/^m\.yaml:13:14 /)
  expect(whereRefused({ ...refused, column: undefined }, 'two', text, 'm.yaml')).toMatch(/^m\.yaml:14:1 /)
})

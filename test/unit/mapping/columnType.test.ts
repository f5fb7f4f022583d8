import { readMapping } from '../../support/mapping'
import { good } from './good'

test.each([
  ['', 'is empty'],
  [' ', 'is empty'],
  ['VARCHAR（10）', 'has the fullwidth （, where ( is meant'],
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

test.each([
  "ENUM('a,b','c)') NULL",
  "INT COMMENT '工号（旧）'",
  "DECIMAL(10,2) NULL COMMENT 'a -- b; \\'c'",
  'INT CHECK ((a) > (1)) NULL',
])('the type %s is one', (type) => {
  const text = good.replace('type: VARCHAR(10)', `type: ${JSON.stringify(type)}`)
  expect(readMapping(text, 'mapping.yaml').columns[0]?.type).toBe(type)
})

test.each<[string, object]>([
  ['VARCHAR(10)', { maxLength: 10 }],
  ['CHAR(3) NULL', { maxLength: 3 }],
  ['varchar (20) character set ascii collate ascii_bin', { maxLength: 20, isAscii: true }],
  ['TEXT COLLATE ascii_bin', { isAscii: true }],
  ['VARCHAR(5) CHARSET=ascii', { maxLength: 5, isAscii: true }],
  ["VARCHAR(5) CHARSET = 'ascii'", { maxLength: 5, isAscii: true }],
  ['VARCHAR(5) COLLATE "ascii_bin"', { maxLength: 5, isAscii: true }],
  ['VARCHAR(5) CHARACTER SET `ascii`', { maxLength: 5, isAscii: true }],
  ["TEXT COMMENT 'was VARCHAR(9)'", {}],
  ["VARCHAR(5) COMMENT 'COLLATE ascii'", { maxLength: 5 }],
  ["VARCHAR(5) COMMENT 'CHARSET=' COLLATE utf8mb4_bin", { maxLength: 5 }],
  ["VARCHAR(5) DEFAULT 'ascii' COMMENT 'ascii_bin'", { maxLength: 5 }],
  ['INT', {}],
])('what the type %s says of texts', (type, limits) => {
  const [column] = readMapping(good.replace('VARCHAR(10)', type), 'mapping.yaml').columns
  const { maxLength, isAscii } = column ?? {}
  expect(JSON.parse(JSON.stringify({ maxLength, isAscii }))).toEqual(limits)
})

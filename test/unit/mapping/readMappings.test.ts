import { readMapping, shippedMapping } from '../../support/mapping'
import { good, withRoster } from './good'

test('a mapping is plain data, its paths taken apart', () => {
  const mapping = readMapping(good, 'mapping.yaml')
  expect(JSON.parse(JSON.stringify(mapping))).toStrictEqual(mapping)
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

test('what is not written there is not in a mapping, and a zone is that of the table', () => {
  const plain = readMapping(good, 'mapping.yaml')
  expect(plain).toMatchObject({ subtype: [], zone: 'Asia/Shanghai', spellings: {} })
  expect(plain).not.toHaveProperty('each')
  expect(plain.columns[0]).not.toHaveProperty('after')
  expect(readMapping(good.replace('{ set: {', '{ stage: 0, set: {'), 'mapping.yaml')).toEqual(plain)
  const zoned = good.replace('key:', 'zone: UTC\nkey:').replace('as: time', 'as: time, zone: Asia/Tokyo')
  expect(readMapping(zoned, 'mapping.yaml').columns.map(({ zone }) => zone)).toEqual(['UTC', 'Asia/Tokyo'])
})

test.each([1, 15])('%i is a stage', (stage) => {
  const { events } = readMapping(good.replace('{ set: {', `{ stage: ${stage}, set: {`), 'mapping.yaml')
  expect(events['user_add_org']?.stage).toBe(stage)
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

test('a column holds as long as what ends by another, whatever else sets it or ends', () => {
  const { ended } = readMapping(
    good
      .replace(
        '  user_add_org:',
        '  gone: { ends: goneAt, set: { state: x } }\n  moved: { ends: movedAt }\n  user_add_org:',
      )
      .replace('leftAt: null', 'state: y, goneAt: null')
      .replace(/columns:.*/s, () => COLUMNS_OF_ENDS),
    'mapping.yaml',
  )
  expect(ended).toEqual([{ column: 1, since: 0, to: [{ constant: 'x' }] }])
})

const COLUMNS_OF_ENDS = `columns:
  goneAt: { slot: 0, type: DATETIME(3), as: time }
  state: { slot: 1, type: VARCHAR(10) }
  movedAt: { slot: 2, type: DATETIME(3), as: time }
`

test('what an event, a failure and a column are given: its time, or what is written; a key, what a variable has', () => {
  const { events, failed, columns, key } = readMapping(
    good
      .replace('leftAt: null', 'leftAt: $time, name: 5')
      .replace('key:', 'failed: { path: [.errcode, $.error], set: { name: failed, leftAt: $time } }\nkey:')
      .replace('as: time }', 'as: time, from: [.leftAt, $time] }')
      .replace('from: $.data.body.userId', "from: .userId, default: '${DINGTALK_CORP_ID}'"),
    'mapping.yaml',
  )
  expect(events['user_add_org']?.set).toEqual({ leftAt: { time: true }, name: { constant: 5 } })
  expect(failed).toEqual({
    paths: [['data', 'body', 'errcode'], ['error']],
    set: { name: { constant: 'failed' }, leftAt: { time: true } },
  })
  expect(columns[1]?.from).toEqual([{ path: ['data', 'body', 'leftAt'] }, { time: true }])
  expect(key[0]).toMatchObject({ name: 'userId', defaultVariable: 'DINGTALK_CORP_ID' })
})

test('an event of a type of its own, and a roster', () => {
  const { events, roster } = readMapping(withRoster, 'mapping.yaml')
  expect(events['seen']).toEqual({ type: 'their:Snapshot', wins: false, set: {}, clears: 'leftAt' })
  const at = (name: string) => ['data', 'body', name]
  const paths = { after: [at('after')], upTo: [at('to')], ids: [at('ids'), at('list')] }
  expect(roster).toStrictEqual({ type: 'their:Roster', action: 'all', absent: 'gone', ...paths })
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

test("the shipped mapping has the article's columns and numbers every slot once", () => {
  const names = [...shippedMapping.key, ...shippedMapping.columns].map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['dingId', 'active', 'isAdmin', 'userId', 'name']))
  expect(new Set(shippedMapping.columns.map(({ slot }) => slot)).size).toBe(shippedMapping.columns.length)
})

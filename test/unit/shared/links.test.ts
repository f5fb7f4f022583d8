import { ok, showLinks, unknown, wrong } from '../../../shared/links'

test.each([
  ['ok', () => ok('Bus', 'is there'), { name: 'Bus', state: 'ok', found: 'is there' }],
  ['ok, and yet something to do', () => ok('Bus', 'x', 'do y'), { name: 'Bus', state: 'ok', found: 'x', next: 'do y' }],
  ['wrong', () => wrong('Bus', 'x', 'do y'), { name: 'Bus', state: 'wrong', found: 'x', next: 'do y' }],
  ['unknown', () => unknown('Bus', 'x'), { name: 'Bus', state: 'unknown', found: 'x' }],
  [
    'unknown, and something to do',
    () => unknown('Bus', 'x', 'do y'),
    { name: 'Bus', state: 'unknown', found: 'x', next: 'do y' },
  ],
])('a link that is %s', (_, make, link) => {
  expect(make()).toStrictEqual(link)
})

test('links are shown a line each, with the next step below, and counted', () => {
  const links = [
    ok('Bus', 'is there'),
    wrong('Event source', 'is missing', 'npm run provision'),
    unknown('Rule', 'hangs on the source'),
    ok('Clock', '2 s off', 'nothing yet'),
    ok('Target', 'is there'),
    unknown('Queue', 'not seen', 'look at the console'),
  ]
  expect(showLinks(links).split('\n')).toEqual([
    '  ok       Bus           is there',
    '  wrong    Event source  is missing',
    '           → npm run provision',
    '  unknown  Rule          hangs on the source',
    '  ok       Clock         2 s off',
    '           → nothing yet',
    '  ok       Target        is there',
    '  unknown  Queue         not seen',
    '           → look at the console',
    '3 ok, 1 wrong, 2 unknown',
  ])
})

test('of no links nothing is counted', () => {
  expect(showLinks([])).toBe('0 ok, 0 wrong, 0 unknown')
})

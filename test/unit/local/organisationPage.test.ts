import { chinese } from '../../../local/organisation/client/chinese'
import { english } from '../../../local/organisation/client/english'
import { partsOf } from '../../../local/organisation/client/parts'
import { treeOf } from '../../../local/organisation/client/tree'

const day = (text: string, joiners = 0, leavers = 0, headcount = 0) => ({ day: text, joiners, leavers, headcount })

test.each<['day' | 'week' | 'month', string[]]>([
  ['day', ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09']],
  // from Monday
  ['week', ['2026-02-28', '2026-03-02', '2026-03-09']],
  ['month', ['2026-02-28', '2026-03-01']],
])('days put together by the %s', (unit, expected) => {
  const days = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09'].map((text) => day(text))
  expect(partsOf(days, unit).map(({ from }) => from)).toEqual(expected)
})

test('those who came and left are added up; of the head count the last stays', () => {
  const days = [day('2026-03-02', 1, 0, 5), day('2026-03-03', 2, 1, 6), day('2026-03-09', 0, 4, 2)]
  expect(partsOf(days, 'week')).toEqual([
    { from: '2026-03-02', joiners: 3, leavers: 1, headcount: 6 },
    { from: '2026-03-09', joiners: 0, leavers: 4, headcount: 2 },
  ])
  expect(partsOf([], 'day')).toEqual([])
})

test.each<[string, Record<string, string | null>, string]>([
  ['a tree', { 1: null, 2: '1', 3: '2' }, '1(2(3))'],
  ['children before their parents', { 3: '2', 2: '1', 1: null }, '1(2(3))'],
  ['a parent that is not there', { 5: '4', 6: '5' }, '5(6)'],
  ['its own parent', { 7: '7' }, '7'],
  ['a circle, and what hangs below it', { 1: '2', 2: '1', 3: '2' }, '1 2(3)'],
])('departments: %s', (_, parents, expected) => {
  const departments = Object.entries(parents).map(([id, parentId]) => ({
    ...{ id, parentId, name: null, headcount: 1, directly: 1 },
  }))
  const written = (branches: ReturnType<typeof treeOf>): string =>
    branches.map(({ id, children }) => id + (children.length > 0 ? `(${written(children)})` : '')).join(' ')
  expect(written(treeOf(departments))).toBe(expected)
})

test.each([
  ['The database did not answer (ECONNREFUSED).', '数据库没有响应（ECONNREFUSED）。'],
  ['The server of this page does not answer.', '本页面的服务没有响应。'],
])('%s is said in Chinese', (text, inChinese) => {
  expect([english.said(text), chinese.said(text)]).toEqual([text, inChinese])
})

import { tellEvents } from '../../../../cli/replay/tellEvents'
import { reasonOf } from '../../../../functions/employees/applyRoster'

const event = (body: unknown) => JSON.stringify({ id: 'e1', source: 'my.dingtalk', data: { body } })

const BRAKED = reasonOf({ leavers: 1000, range: 1000, most: 20, by: 'MAX_LEAVERS' })

test.each<[string, string, string | undefined, string]>([
  [
    'a connector’s',
    event({ syncAction: 'user_add_org', userId: '0042', name: '小明' }),
    'name: too long',
    'e1  user_add_org  0042 小*  name: too long',
  ],
  ['a callback’s', event({ EventType: 'user_leave_org', userId: ['1', '2'] }), undefined, 'e1  user_leave_org  1 2'],
  [
    'one about many',
    event({ EventType: 'user_add_org', userId: ['1', '2', '3', '4', '5'], name: '小明' }),
    undefined,
    'e1  user_add_org  1 2 3 and 2 more',
  ],
  ['one about nobody', event({ EventType: 'org_dept_create', deptId: [7] }), undefined, 'e1  org_dept_create  –'],
  ['one of no form', event('text'), 'no fields', 'e1  no action  –  no fields'],
  ['what is no JSON', '{', 'cannot be read', 'e1  no action  –  cannot be read'],
  ['a reason of several lines', event({}), 'one\ntwo\x1b[2J', 'e1  no action  –  one two [2J'],
  ['an action that is none', event({ syncAction: 'a\x1b[31m\nb' }), undefined, 'e1  a [31m b  –'],
  ['a user id without end', event({ userId: 'x'.repeat(300) }), undefined, `e1  no action  ${'x'.repeat(64)}…`],
  ['the reason of a roster, whole', event({}), BRAKED, `e1  no action  –  ${BRAKED}`],
  ['a long reason', event({}), 'x'.repeat(300), `e1  no action  –  ${'x'.repeat(240)}…`],
])('%s: what, whom, why', (_, json, reason, line) => {
  const told = tellEvents([{ id: 'e1', json, ...(reason !== undefined && { reason }) }])
  expect(told).toEqual([`  ${line}`])
})

test('as many as there are', () => {
  expect(tellEvents([])).toEqual([])
  const many = Array.from({ length: 450 }, (_, index) => ({ id: String(index), json: event({}) }))
  expect(tellEvents(many).map((line) => line.trim().split(' ')[0])).toEqual(many.map(({ id }) => id))
})

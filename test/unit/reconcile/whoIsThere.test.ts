import { reconcile } from '../../../functions/reconcile/reconcile'
import { ok } from '../../support/dingtalkServer'
import { freshDingTalk } from '../../support/freshDingTalk'

// by a roster everybody is marked as left who is not in it

const dingtalk = freshDingTalk()

const walk = () => reconcile({ ...dingtalk.directory.tools, now: Date.now, log: dingtalk.log })
const ids = (action: string, name = 'userId') => dingtalk.directory.bodies(action).map((body) => body[name])
const rosterOf = (action: string) => dingtalk.directory.bodies(action).flatMap((body) => body['ids'] as string[])
const EVERYBODY = ['0147', '0148', '0149', 'Z-9', 'manager8801']

test.each([
  ['topapi/v2/department/listsub', 'departments'],
  ['topapi/v2/user/list', 'people'],
])('a department that is removed before %s tells of its %s is gone, and the walk has seen everybody', async (path) => {
  dingtalk.server.answer((asked) => {
    if (asked.path === path && asked.body['dept_id'] === 610000449) {
      dingtalk.organisation.departments.delete(610000449)
      dingtalk.organisation.people.set('0149', { name: '吴九', departments: [1] })
    }
    return undefined
  })
  expect(await walk()).toMatchObject({ outcome: 'walked', unreadable: 0, leavers: 0 })
  expect(ids('org_dept_remove', 'deptId')).toEqual(['610000449'])
  expect(rosterOf('dept_roster')).toEqual(['1', '610000447', '610000448'])
  expect(rosterOf('user_roster')).toEqual(EVERYBODY)
})

describe('somebody who was listed and not read', () => {
  const notRead = (reply: object) =>
    dingtalk.server.answer(({ path, body }) => {
      if (path === 'topapi/v2/user/list' && body['dept_id'] === 610000449) return ok({ has_more: false, list: [] })
      return path === 'topapi/v2/user/get' && body['userid'] === '0149' ? reply : undefined
    })

  test('is there where the app may not see them', async () => {
    notRead({ errcode: 50002 })
    expect(await walk()).toMatchObject({ outcome: 'walked', people: 4, outOfScope: 1, leavers: 0 })
    expect(rosterOf('user_roster')).toEqual(EVERYBODY)
    expect(dingtalk.directory.bodies('user_snapshot')).toContainEqual(
      expect.objectContaining({ userId: '0149', errcode: 50002 }),
    )
  })

  test('and of whom DingTalk does not tell keeps all from being marked', async () => {
    notRead({ errcode: 987654 })
    expect(await walk()).toMatchObject({ outcome: 'withheld', rosters: 0, withheld: expect.stringContaining('987654') })
    expect(dingtalk.directory.bodies('user_roster', 'dept_roster', 'user_leave_org')).toEqual([])
  })
})

describe('an app that may see a part of the organisation', () => {
  beforeEach(() => {
    dingtalk.organisation.scope = { departments: [610000447, 610000449], people: ['Z-9'] }
  })

  test('reads that part, and takes nobody for a leaver who is out of its sight', async () => {
    dingtalk.organisation.people.set('0150', { name: '王十一', departments: [610000448] })
    expect(await walk()).toMatchObject({ outcome: 'walked', departments: 2, people: 4, outOfScope: 2, leavers: 0 })
    expect([...new Set(ids('user_snapshot'))].sort()).toEqual(['0147', '0148', '0149', 'Z-9'])
    expect(rosterOf('user_roster')).toEqual(['0147', '0148', '0149', '0150', 'Z-9', 'manager8801'])
    expect(rosterOf('dept_roster')).toEqual(['1', '610000447', '610000448', '610000449'])
    expect(dingtalk.server.askedFor('topapi/v2/user/get')).toHaveLength(1)
  })

  test('somebody of it who is gone is said to have left', async () => {
    dingtalk.organisation.scope.people.push('0999')
    expect(await walk()).toMatchObject({ outcome: 'walked', leavers: 1 })
    expect(ids('user_leave_org')).toEqual(['0999'])
  })

  test('somebody is counted once, however often the walk meets them', async () => {
    // both named singly: one of whom the range does not tell, listed in a hidden department; one in the list of leavers
    dingtalk.organisation.people.set('0150', { name: '王十一', departments: [610000448] })
    dingtalk.organisation.scope.people.push('0150', '0999')
    dingtalk.organisation.leaveRecords = [{ userId: '0999', leaveTime: '2026-01-02T03:04:05Z' }]
    dingtalk.server.answer(({ path, body }) =>
      path === 'topapi/v2/user/get' && body['userid'] === '0150' ? { errcode: 50002 } : undefined,
    )
    expect(await walk()).toMatchObject({ outcome: 'walked', outOfScope: 2, leavers: 1 })
  })

  test('sees who comes to a department of it and to one that is hidden', async () => {
    // two levels below another hidden one, so that it is listed last
    dingtalk.organisation.departments.set(610000450, { name: '一', parent: 610000448 })
    dingtalk.organisation.departments.set(610000451, { name: '二', parent: 610000450 })
    dingtalk.server.answer(({ path, count }) => {
      if (path === 'topapi/user/listid' && count === 1) {
        dingtalk.organisation.people.set('0150', { name: '王十一', departments: [610000447, 610000451] })
      }
      return undefined
    })
    expect(await walk()).toMatchObject({ outcome: 'walked', outOfScope: 1 })
    expect(ids('user_snapshot')).toContain('0150')
    expect(rosterOf('user_roster')).toContain('0150')
  })
})

test('a school’s contacts are not walked through', async () => {
  dingtalk.server.answer(({ path, body }) => {
    if (path === 'topapi/v2/department/listsub' && body['dept_id'] === 1) {
      return ok([
        { dept_id: -1, name: '家校通讯录' },
        { dept_id: 610000447, name: '平台组' },
        { dept_id: 610000448, name: '财务' },
      ])
    }
    if (path === 'topapi/v2/department/listsubid' && body['dept_id'] === 1) {
      return ok({ dept_id_list: [-1, 610000447, 610000448] })
    }
    return undefined
  })
  expect(await walk()).toMatchObject({ outcome: 'walked', departments: 4 })
  expect(dingtalk.server.asked.filter(({ body }) => body['dept_id'] === -1)).toEqual([])
})

test('departments that are below each other, as a fault would have it, are read once', async () => {
  dingtalk.server.answer(({ path, body }) =>
    path === 'topapi/v2/department/listsub' && body['dept_id'] === 610000449
      ? ok([{ dept_id: 610000447, name: '平台组' }, { dept_id: 1 }])
      : undefined,
  )
  expect(await walk()).toMatchObject({ outcome: 'walked', departments: 4 })
})

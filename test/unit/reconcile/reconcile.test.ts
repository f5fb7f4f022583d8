import { reconcile } from '../../../functions/reconcile/reconcile'
import type { Progress } from '../../../functions/reconcile/walk'
import { ROSTER, SNAPSHOT } from '../../../shared/dingtalk/directory/events'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'
import { type Asked, ok } from '../../support/dingtalkServer'
import { freshDingTalk } from '../../support/freshDingTalk'

const dingtalk = freshDingTalk()

const walk = () => reconcile({ ...dingtalk.directory.tools, now: Date.now, log: dingtalk.log })
const ids = (action: string, name = 'userId') => dingtalk.directory.bodies(action).map((body) => body[name])
const rosterOf = (action: string) => dingtalk.directory.bodies(action).flatMap((body) => body['ids'] as string[])
const EVERYBODY = ['0147', '0148', '0149', 'Z-9', 'manager8801']
/** Something happens the first time that this is asked for. */
const meanwhile = (path: string, happens: () => void) =>
  dingtalk.server.answer((asked) => {
    if (asked.path === path && asked.count === 1) happens()
    return undefined
  })

test('everybody is published once, every department, and rosters of all of them last', async () => {
  const before = Date.now()
  const summary = await walk()
  expect(summary).toMatchObject({
    outcome: 'walked',
    departments: 4,
    people: 5,
    published: 11,
    rosters: 2,
    shortfall: 0,
    unreadable: 0,
  })
  expect(ids('user_snapshot').sort()).toEqual(EVERYBODY)
  expect(ids('dept_snapshot', 'deptId').sort()).toEqual(['1', '610000447', '610000448', '610000449'])
  expect(rosterOf('user_roster')).toEqual(EVERYBODY)
  expect(rosterOf('dept_roster')).toEqual(['1', '610000447', '610000448', '610000449'])
  expect(dingtalk.directory.published.map(({ type }) => type)).toEqual([...Array(9).fill(SNAPSHOT), ROSTER, ROSTER])
  const [roster] = dingtalk.directory.bodies('user_roster')
  expect(roster).toEqual({
    syncAction: 'user_roster',
    CorpId: 'dingcorp',
    after: '',
    upTo: null,
    ids: EVERYBODY,
    EventTime: expect.any(Number),
  })
  const started = Number(roster?.['EventTime'])
  expect(started).toBeGreaterThanOrEqual(before)
  for (const body of dingtalk.directory.bodies('user_snapshot'))
    expect(body['EventTime']).toBeGreaterThanOrEqual(started)
})

test('a snapshot says what the API says, but for what is dropped and what is true of one department alone', async () => {
  await walk()
  expect(dingtalk.directory.bodies('user_snapshot').find(({ userId }) => userId === '0147')).toEqual({
    syncAction: 'user_snapshot',
    CorpId: 'dingcorp',
    userId: '0147',
    userid: '0147',
    name: '林晓满',
    active: true,
    dept_id_list: [610000447, 610000448],
    EventTime: expect.any(Number),
  })
  expect(dingtalk.directory.bodies('dept_snapshot').find(({ deptId }) => deptId === '1')).toEqual({
    syncAction: 'dept_snapshot',
    CorpId: 'dingcorp',
    deptId: '1',
    dept_id: '1',
    name: '示例公司',
    EventTime: expect.any(Number),
  })
})

test('a roster has at most a thousand ids, and together they cover all', async () => {
  for (let index = 0; index < 1995; index++) {
    dingtalk.organisation.people.set(`p${index}`, { name: '人', departments: [610000449] })
  }
  dingtalk.server.answer(({ path, body }) =>
    path === 'topapi/v2/user/list' && body['dept_id'] === 610000449
      ? ok({ has_more: false, list: [...dingtalk.organisation.people.keys()].map((userid) => ({ userid })) })
      : undefined,
  )
  expect(await walk()).toMatchObject({ outcome: 'walked', rosters: 3 })
  const rosters = dingtalk.directory.bodies('user_roster')
  expect(rosters.map((body) => (body['ids'] as string[]).length)).toEqual([1000, 1000])
  expect(rosters[1]?.['after']).toBe(rosters[0]?.['upTo'])
})

describe('while it is under way', () => {
  test('somebody who moves from a department that comes to one that was read is not missed', async () => {
    // the last department is about to be read when its only member moves up
    dingtalk.server.answer(({ path, body }) => {
      if (path === 'topapi/v2/user/list' && body['dept_id'] === 610000449) {
        dingtalk.organisation.people.set('0149', { name: '吴九', departments: [1] })
      }
      return undefined
    })
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(rosterOf('user_roster')).toEqual(EVERYBODY)
    expect(ids('user_snapshot').sort()).toEqual(EVERYBODY)
  })

  test('somebody who moves between the listings is not missed, either', async () => {
    meanwhile('topapi/user/listid', () =>
      dingtalk.organisation.people.set('manager8801', { name: '周一', departments: [610000449] }),
    )
    dingtalk.server.answer(({ path, body }) => {
      if (path !== 'topapi/user/listid' || body['dept_id'] !== 610000449) return undefined
      return ok({ userid_list: ['0149'] })
    })
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(rosterOf('user_roster')).toContain('manager8801')
  })

  test('somebody who leaves is said to have left, and not by a roster', async () => {
    meanwhile('topapi/user/listid', () => dingtalk.organisation.people.delete('0148'))
    expect(await walk()).toMatchObject({ leavers: 1, shortfall: 0, withheld: 'people left while they were listed' })
    const [gone] = dingtalk.directory.published.filter(({ data }) => data.body['syncAction'] === 'user_leave_org')
    expect(gone).toMatchObject({ type: HTTP_EVENT, data: { body: { userId: '0148', CorpId: 'dingcorp' } } })
  })

  test('whoever is missed twice is not covered up by somebody who leaves after being listed', async () => {
    // in both listings 0149 is where they are not read, and 0148 is gone before people are counted again
    dingtalk.server.answer(({ path, body }) => {
      if (path === 'topapi/v2/user/list' && body['dept_id'] === 610000449) return ok({ has_more: false, list: [] })
      return path === 'topapi/user/listid' && body['dept_id'] === 610000449 ? ok({ userid_list: [] }) : undefined
    })
    dingtalk.server.answer(({ path, count }) => {
      if (path === 'topapi/user/count' && count === 2) dingtalk.organisation.people.delete('0148')
      return undefined
    })
    expect(await walk()).toMatchObject({ shortfall: 0, withheld: 'people left while they were listed', rosters: 0 })
  })

  test('somebody who joins is in the roster, and read by themselves', async () => {
    meanwhile('topapi/user/listid', () => dingtalk.organisation.people.set('new', { name: '新', departments: [1] }))
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(rosterOf('user_roster')).toContain('new')
    expect(ids('user_snapshot')).toContain('new')
  })

  test('a department that is made is read, and its people are', async () => {
    meanwhile('topapi/v2/department/listsubid', () => {
      dingtalk.organisation.departments.set(700000001, { name: '新部门', parent: 610000448 })
      dingtalk.organisation.people.set('0148', { name: '林小满', departments: [700000001] })
    })
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(rosterOf('dept_roster')).toContain('700000001')
    expect(rosterOf('user_roster')).toEqual(EVERYBODY)
    expect(ids('dept_snapshot', 'deptId')).toContain('700000001')
  })

  test('a department that is removed is said to be gone', async () => {
    meanwhile('topapi/v2/department/listsubid', () => {
      dingtalk.organisation.departments.delete(610000449)
      dingtalk.organisation.people.set('0149', { name: '吴九', departments: [1] })
    })
    expect(await walk()).toMatchObject({ outcome: 'walked', leavers: 0 })
    expect(rosterOf('dept_roster')).not.toContain('610000449')
    expect(ids('org_dept_remove', 'deptId')).toEqual(['610000449'])
  })

  test('somebody who is renamed between two departments of theirs is published again', async () => {
    dingtalk.server.answer(({ path, body }) => {
      if (path === 'topapi/v2/user/list' && body['dept_id'] === 610000448) {
        dingtalk.organisation.people.set('0147', { name: '林新名', departments: [610000447, 610000448] })
      }
      return undefined
    })
    await walk()
    const names = dingtalk.directory.bodies('user_snapshot').filter(({ userId }) => userId === '0147')
    expect(names.at(-1)).toMatchObject({ name: '林新名' })
  })
})

test('whoever waits is told how far it has come, step by step', async () => {
  const told: Progress[] = []
  // listed, and not read: it is asked for
  dingtalk.server.answer(({ path, body }) =>
    path === 'topapi/v2/user/list' && Number(body['dept_id']) === 610000448
      ? ok({ has_more: false, list: [] })
      : undefined,
  )
  await reconcile({
    ...dingtalk.directory.tools,
    now: Date.now,
    log: dingtalk.log,
    onProgress: (progress) => told.push(progress),
  })
  expect([...new Set(told.map(({ step }) => step))]).toEqual(['reading', 'listing', 'confirming'])
  for (const step of ['reading', 'listing', 'confirming']) {
    const steps = told.filter((one) => one.step === step)
    expect(steps.map(({ done }) => done)).toEqual(steps.map((_, at) => at + 1))
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.known)
  }
  // the second time through it is as many as the first, from the beginning
  const listing = told.filter(({ step }) => step === 'listing')
  expect(listing.map(({ known }) => known)).toEqual([4, 4, 4, 4])
  expect([listing[0]?.people, listing.at(-1)?.people]).toEqual([4, 5])
})

describe('those who have left by DingTalk’s own record', () => {
  test('are published with the time it gives, and never with one to come', async () => {
    const before = Date.now()
    dingtalk.organisation.leaveRecords = [
      { userId: '0901', leaveTime: '2026-01-02T03:04:05Z', name: 'planted' },
      { userId: '0902', leaveTime: '2999-01-01T00:00:00Z' },
    ]
    expect(await walk()).toMatchObject({ leavers: 2 })
    const [first, second] = dingtalk.directory.bodies('user_leave_org')
    expect(first).toEqual({
      syncAction: 'user_leave_org',
      CorpId: 'dingcorp',
      userId: '0901',
      EventTime: Date.parse('2026-01-02T03:04:05Z'),
    })
    expect(Number(second?.['EventTime'])).toBeGreaterThanOrEqual(before)
    expect(Number(second?.['EventTime'])).toBeLessThanOrEqual(Date.now())
    const { query } = dingtalk.server.askedFor('v1.0/contact/empLeaveRecords')[0] as Asked
    const [from = 0, to = 0] = ['startTime', 'endTime'].map((name) => Date.parse(query.get(name) ?? ''))
    expect((to - from) / 86_400_000).toBe(35)
  })

  test('are not needed: without the permission the log says so, and the walk goes on', async () => {
    dingtalk.server.answer(({ path }) =>
      path === 'v1.0/contact/empLeaveRecords'
        ? { status: 403, body: { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'm' } }
        : undefined,
    )
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(dingtalk.log.lines).toMatchObject([{ outcome: 'no_leave_records', code: expect.stringMatching(/Denied$/) }])
  })
})

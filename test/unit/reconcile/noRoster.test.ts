import { reconcile } from '../../../functions/reconcile/reconcile'
import { type Asked, gatewayError, ok } from '../../support/dingtalkServer'
import { freshDingTalk } from '../../support/freshDingTalk'
import { directoryTools } from '../../support/organisation'

const dingtalk = freshDingTalk()

const walk = () => reconcile({ ...dingtalk.directory.tools, now: Date.now, log: dingtalk.log })
const ids = (action: string, name = 'userId') => dingtalk.directory.bodies(action).map((body) => body[name])
const rosterOf = (action: string) => dingtalk.directory.bodies(action).flatMap((body) => body['ids'] as string[])
const EVERYBODY = ['0147', '0148', '0149', 'Z-9', 'manager8801']

describe('no roster, and so nobody is marked', () => {
  test.each<[string, string, number, object | string, string]>([
    ['a department whose people are out of scope', 'topapi/v2/user/list', 610000448, { errcode: 50004 }, '50004'],
    ['a department whose departments are', 'topapi/v2/department/listsub', 610000447, { errcode: 50004 }, '50004'],
    ['a page that cannot be read', 'topapi/v2/user/list', 610000448, ok({ list: [{}] }), 'UnreadableAnswer'],
    ['ids that cannot be read', 'topapi/user/listid', 610000448, { errcode: 0 }, 'UnreadableAnswer'],
    [
      'a department that is gone before its ids are listed',
      'topapi/user/listid',
      610000448,
      { errcode: 60003 },
      '60003',
    ],
    [
      'a department that is gone before the ids of its departments are',
      'topapi/v2/department/listsubid',
      610000447,
      { errcode: 60003 },
      '60003',
    ],
    ['an error that nobody knows', 'topapi/v2/user/list', 1, { errcode: 987654 }, '987654'],
    ['departments that cannot be listed again', 'topapi/v2/department/listsubid', 1, { errcode: 50004 }, '50004'],
  ])('%s', async (_, path, department, reply, code) => {
    dingtalk.server.answer((asked) => (asked.path === path && asked.body['dept_id'] === department ? reply : undefined))
    const summary = await walk()
    expect(summary).toMatchObject({ outcome: 'withheld', rosters: 0, withheld: expect.stringContaining(code) })
    expect(summary.unreadable).toBeGreaterThan(0)
    expect(dingtalk.directory.bodies('user_roster', 'dept_roster')).toEqual([])
    expect(ids('user_snapshot').length).toBeGreaterThan(0)
  })

  test('fewer people than DingTalk counts', async () => {
    dingtalk.server.answer(({ path }) => (path === 'topapi/user/count' ? ok({ count: 7 }) : undefined))
    const withheld = 'DingTalk counts more people than it shows'
    expect(await walk()).toMatchObject({ outcome: 'withheld', rosters: 0, shortfall: 2, withheld })
    expect(dingtalk.directory.bodies('user_roster', 'dept_roster')).toEqual([])
  })

  test('a count that DingTalk does not tell', async () => {
    dingtalk.server.answer(({ path }) => (path === 'topapi/user/count' ? { errcode: 400002 } : undefined))
    expect(await walk()).toMatchObject({ outcome: 'withheld', rosters: 0 })
  })

  test.each([
    ['before all are listed again', 1],
    ['after that', 2],
  ])('nobody who is counted %s, as when a permission is lost', async (_, time) => {
    dingtalk.server.answer(({ path, count }) =>
      path === 'topapi/user/count' && count === time ? ok({ count: 0 }) : undefined,
    )
    const withheld = 'not everything could be read (CountOfNobody)'
    expect(await walk()).toMatchObject({ outcome: 'withheld', rosters: 0, shortfall: 0, withheld })
  })

  test('of many errors the line names five', async () => {
    dingtalk.server.answer(({ path, body }) => {
      const at = ['topapi/v2/user/list', 'topapi/user/listid'].indexOf(path)
      return at < 0 || body['dept_id'] === 1 ? undefined : { errcode: `${body['dept_id']}${at}` }
    })
    const { unreadable, withheld } = await walk()
    expect(unreadable).toBe(6)
    expect(withheld).toMatch(/ \(6100004\d{3}( 6100004\d{3}){4}\)$/)
  })

  test.each<[string, (asked: Asked) => object | undefined, string, RegExp?]>([
    [
      'a token that is not taken where leavers are told',
      ({ path }) =>
        path === 'v1.0/contact/empLeaveRecords' ? { status: 401, body: { code: 'InvalidAuthentication' } } : undefined,
      'InvalidAuthentication',
    ],
    [
      'an app that may see nothing',
      ({ path }) =>
        path === 'auth/scopes' ? { errcode: 0, auth_org_scopes: { authed_dept: [], authed_user: [] } } : undefined,
      'EmptyScope',
      /^the range of the address book .* is empty: give the app, .* the permissions/,
    ],
    [
      'an app whose range is a school’s contacts alone',
      ({ path }) =>
        path === 'auth/scopes' ? { errcode: 0, auth_org_scopes: { authed_dept: [-1], authed_user: [] } } : undefined,
      'EmptyScope',
    ],
    [
      'a hidden root',
      ({ path }) => (path === 'topapi/v2/department/get' ? { errcode: 50004 } : undefined),
      'RootHidden',
      /^the root department cannot be read: give the app/,
    ],
    [
      'empty lists',
      ({ path }) => (path === 'topapi/v2/user/list' ? ok({ has_more: false, list: [] }) : undefined),
      'NobodyToSee',
      /^no person .* can be read: give the app/,
    ],
    [
      'a permission that is lost on the way',
      ({ path, count }) => (path === 'topapi/v2/user/list' && count > 2 ? gatewayError('60011') : undefined),
      '60011',
    ],
    [
      'a permission that is lost between the listings',
      ({ path, count }) => (path === 'topapi/user/listid' && count > 2 ? gatewayError('60011') : undefined),
      '60011',
    ],
    [
      'a ban',
      ({ path, count }) => (path === 'topapi/user/listid' && count > 1 ? { punish: 'deny' } : undefined),
      'Banned',
    ],
  ])('%s ends the walk, and the next one finishes', async (_, answer, code, says = /./) => {
    let isAsBefore = false
    dingtalk.server.answer((asked) => (isAsBefore ? undefined : answer(asked)))
    await expect(walk()).rejects.toMatchObject({ name: 'DingtalkError', code, message: expect.stringMatching(says) })
    expect(dingtalk.directory.bodies('user_roster', 'dept_roster', 'user_leave_org')).toEqual([])
    isAsBefore = true
    dingtalk.directory.client.close()
    dingtalk.directory = directoryTools(dingtalk.server)
    expect(await walk()).toMatchObject({ outcome: 'walked' })
    expect(rosterOf('user_roster')).toEqual(EVERYBODY)
  })

  test('an EventBridge that refuses snapshots for ever says so in the log, and does not hold up the rest', async () => {
    const refuse = (batch: readonly string[]) => {
      const EntryList = batch.map((json) =>
        json.includes('"0148"') && json.includes('user_snapshot') ? { ErrorCode: 'EventSizeExceed' } : {},
      )
      const FailedEntryCount = EntryList.filter((entry) => 'ErrorCode' in entry).length
      return Promise.resolve({ RequestId: 'R', FailedEntryCount, EntryList })
    }
    dingtalk.directory.client.close()
    dingtalk.directory = directoryTools(dingtalk.server, refuse)
    expect(await walk()).toMatchObject({ outcome: 'walked', published: 10 })
    expect(dingtalk.log.lines).toContainEqual({
      level: 'error',
      outcome: 'set_aside',
      count: 1,
      code: 'EventSizeExceed',
    })
  })
})

test('an EventBridge that refuses a roster for ever ends the walk: without it nobody has left', async () => {
  const refuse = (batch: readonly string[]) => {
    const EntryList = batch.map((json) => (json.includes('user_roster') ? { ErrorCode: 'EventSizeExceed' } : {}))
    const FailedEntryCount = EntryList.filter((entry) => 'ErrorCode' in entry).length
    return Promise.resolve({ RequestId: 'R', FailedEntryCount, EntryList })
  }
  dingtalk.directory.client.close()
  dingtalk.directory = directoryTools(dingtalk.server, refuse)
  await expect(walk()).rejects.toMatchObject({ name: 'EventInvalid', code: 'EventSizeExceed' })
})

import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { CallbackTarget } from '../../../local/sender/requests'
import { aesKeyOf, decryptCallback, encryptCallback, signCallback } from '../../../shared/dingtalk/callbackCrypto'
import { readBody } from '../../../shared/readBody'
import { callbackKeys } from '../../support/callback'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { story } from '../../support/story'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const { token, aesKey, owner } = callbackKeys
const keys = { token, aesKey, ownerKey: owner }
const folder = temporaryFolder()

/** What the webhook got, decrypted, and what it answers. */
let events: Record<string, unknown>[] = []
let answers: 'success' | 'failure' | 'nonsense' = 'success'
let webhook: http.Server
/** answers wait for it */
let opened: Promise<void> = Promise.resolve()
/** asked, and not yet answered: now, and at most so far */
let [posts, mostPosts] = [0, 0]
let target: CallbackTarget
let dingtalk: TestDingTalk

beforeAll(async () => {
  webhook = http.createServer(async (req, res) => {
    const { encrypt } = JSON.parse(String(await readBody(req, 100_000))) as { encrypt: string }
    const { searchParams } = new URL(req.url ?? '', 'http://localhost')
    const [timestamp = '', nonce = ''] = [searchParams.get('timestamp') ?? '', searchParams.get('nonce') ?? '']
    if (searchParams.get('signature') !== signCallback(token, timestamp, nonce, encrypt)) throw new Error('signature')
    events.push(JSON.parse(decryptCallback(aesKeyOf(aesKey), encrypt)?.message ?? ''))
    mostPosts = Math.max(mostPosts, ++posts)
    await opened
    posts--
    res.statusCode = answers === 'failure' ? 503 : 200
    const reply = encryptCallback(aesKeyOf(aesKey), { message: answers, ownerKey: owner })
    res.end(
      JSON.stringify({
        msg_signature: signCallback(token, '1', 'n', reply),
        timeStamp: '1',
        nonce: 'n',
        encrypt: reply,
      }),
    )
  })
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve))
  target = { url: new URL(`http://127.0.0.1:${(webhook.address() as AddressInfo).port}/webhook/putEvents`), keys }
  dingtalk = await startTestDingTalk({ folder, callbackTarget: target })
})

const step = story()
step.beforeEach(() => {
  events = []
  answers = 'success'
})

afterAll(async () => {
  await dingtalk?.close()
  webhook.close()
})

interface Counts {
  delivered: number
  failed: number
  gone: number
  waiting: number
}
const counts = async () => (await dingtalk.control('counts')).body['callbacks'] as unknown as Counts

/** Does something, and waits until its callbacks are answered. */
async function act(name: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await dingtalk.control(name, body)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer))
  await settle()
  return answer.body
}

async function settle(): Promise<void> {
  await dingtalk.clock.advance(0)
  await waitFor(async () => (await counts()).waiting === dingtalk.clock.waiting())
}

const CORP = 'dinga1b2c3d4e5f60718'
const head = (type: string) => ({
  EventType: type,
  EventTime: dingtalk.clock.now(),
  CorpId: CORP,
  BizId: String(dingtalk.clock.now()),
  eventId: expect.stringMatching(/^[\da-f]{32}$/),
})
const withTime = (type: string) => ({ ...head(type), timeStamp: String(dingtalk.clock.now()) })
const userOf = async (userid: string) =>
  JSON.parse(await dingtalk.oapi('topapi/v2/user/get', { userid })) as {
    errcode: number
    result: Record<string, unknown>
  }

describe('a life', () => {
  const userid = 'zhou-01'
  let department: string

  step('a department is made', async () => {
    department = String((await act('create-department', { name: '创新组' }))['id'])
    expect(events).toEqual([{ ...head('org_dept_create'), deptId: [Number(department)] }])
    expect(await dingtalk.oapi('topapi/v2/department/listsub', {})).toContain(`"dept_id":${department},"name":"创新组"`)
  })

  step('hired', async () => {
    await act('hire', { userid, name: '周予安', active: false, jobNumber: 'B1' })
    expect(events).toEqual([{ ...withTime('user_add_org'), userId: [userid] }])
    expect(await userOf(userid)).toMatchObject({
      errcode: 0,
      result: { name: '周予安', active: false, job_number: 'B1', dept_id_list: [1] },
    })
  })

  step('activated', async () => {
    await act('change', { userid, active: true })
    expect(events).toEqual([{ ...head('user_active_org'), userId: [userid] }])
  })

  step('moved', async () => {
    await act('move', { userid, departments: [1, department] })
    expect(events).toEqual([
      {
        ...withTime('user_modify_org'),
        userId: [userid],
        diffInfo: { prev: expect.anything(), curr: expect.anything(), userid },
      },
    ])
    expect((await userOf(userid)).result['dept_id_list']).toEqual([1, Number(department)])
    const list = await dingtalk.oapi('topapi/v2/user/list', { dept_id: Number(department), cursor: 0, size: 10 })
    expect(list).toContain(`"userid":"${userid}"`)
  })

  step('renamed: the event says from what to what', async () => {
    await act('rename', { userid, name: '周安' })
    const fields = { jobNumber: 'B1', extFields: '{}' }
    expect(events).toMatchObject([
      { diffInfo: { prev: { name: '周予安', ...fields }, curr: { name: '周安', ...fields } } },
    ])
  })

  step('made an administrator, with a role', async () => {
    await act('change', { userid, adminLevel: 2, roles: ['2390000711'] })
    expect(events).toEqual([
      { ...withTime('org_admin_add'), userId: [userid] },
      { ...head('label_user_change'), userIdList: [userid], action: 'add', labelIdList: [2_390_000_711] },
    ])
    expect(await dingtalk.oapi('topapi/role/simplelist', { role_id: 2_390_000_711, size: 100, offset: 0 })).toContain(
      userid,
    )
  })

  step('dismissed: gone from every list, and on record', async () => {
    await dingtalk.clock.advance(1_000)
    await act('dismiss', { userid })
    expect(events).toEqual([{ ...withTime('user_leave_org'), userId: [userid] }])
    expect(await userOf(userid)).toMatchObject({ errcode: 60_121 })
    expect(await dingtalk.oapi('topapi/user/listid', { dept_id: department })).toContain('"userid_list":[]')
    const time = new Date(dingtalk.clock.now()).toISOString()
    const span = `startTime=${time}&endTime=${time}&nextToken=0&maxResults=50`
    const { text } = await dingtalk.get(`api/v1.0/contact/empLeaveRecords?${span}`, {
      'x-acs-dingtalk-access-token': await dingtalk.token(),
    })
    expect(JSON.parse(text)).toEqual({
      nextToken: '0',
      records: [{ userId: userid, name: '周安', leaveTime: time, leaveReason: 'leave' }],
    })
  })

  step('back, by the same id, where they were', async () => {
    await act('rejoin', { userid })
    expect(events).toEqual([{ ...withTime('user_add_org'), userId: [userid] }])
    expect((await userOf(userid)).result).toMatchObject({ name: '周安', dept_id_list: [1, Number(department)] })
  })

  step('the department moves below another', async () => {
    const { id: above } = await act('create-department', { name: '上级' })
    await act('move-department', { id: department, parentId: above })
    expect(events.at(-1)).toEqual({ ...head('org_dept_modify'), deptId: [Number(department)] })
    expect(await dingtalk.oapi('topapi/v2/department/listsubid', { dept_id: above })).toContain(`[${department}]`)
  })

  step('and is removed once it is empty', async () => {
    expect(await dingtalk.control('remove-department', { id: department })).toMatchObject({
      status: 400,
      body: { message: 'It has members.' },
    })
    await act('move', { userid, departments: [1] })
    await act('remove-department', { id: department })
    expect(events.at(-1)).toEqual({ ...head('org_dept_remove'), deptId: [Number(department)] })
    expect(await dingtalk.oapi('topapi/v2/department/get', { dept_id: department })).toContain('"errcode":60003')
  })

  step('the company is renamed', async () => {
    await act('change-department', { id: 1, name: '新名' })
    expect(events.map(({ EventType, deptId }) => [EventType, deptId])).toEqual([
      ['org_change', undefined],
      ['org_dept_modify', [1]],
    ])
  })

  step('an id beyond 2^53 keeps its digits', async () => {
    await act('create-department', { id: '90071992547409931', name: '长' })
    expect(await dingtalk.oapi('topapi/v2/department/listsub', {})).toContain('"dept_id":90071992547409931,')
  })

  step('the range of the app is changed', async () => {
    await act('settings', { range: { departments: [1], users: [userid] } })
    expect(events).toMatchObject([{ EventType: 'inner_app_scopes_change', deptIds: [1], userIds: [userid] }])
  })

  step.each<[object, object]>([
    [{ departments: [] }, { deptIds: [], userIds: ['zhou-01'] }],
    [{ departments: [1] }, { deptIds: [1], userIds: ['zhou-01'] }],
    [{ users: [] }, { deptIds: [1], userIds: [] }],
    [{}, { deptIds: [1], userIds: [] }],
  ])('of a range %j the other part stays as it was', async (range, event) => {
    await act('settings', { range })
    expect(events).toMatchObject([{ EventType: 'inner_app_scopes_change', ...event }])
  })
})

// as DingTalk's pages have them
const HEAD = 'EventType EventTime CorpId BizId eventId'
step.each<[string, string, unknown, string]>([
  ['user_add_org', 'hire', { userid: 'keys-1', active: false }, `${HEAD} timeStamp userId`],
  ['user_modify_org', 'rename', { userid: 'keys-1', name: '键' }, `${HEAD} timeStamp diffInfo userId`],
  ['user_active_org', 'change', { userid: 'keys-1', active: true }, `${HEAD} userId`],
  ['org_admin_add', 'change', { userid: 'keys-1', adminLevel: 1 }, `${HEAD} timeStamp userId`],
  ['org_admin_remove', 'change', { userid: 'keys-1', adminLevel: 0 }, `${HEAD} timeStamp userId`],
  [
    'label_user_change',
    'change',
    { userid: 'keys-1', roles: [2_390_000_712] },
    `${HEAD} userIdList action labelIdList`,
  ],
  ['user_leave_org', 'dismiss', { userid: 'keys-1' }, `${HEAD} timeStamp userId`],
  ['org_dept_create', 'create-department', { id: 777_000_777 }, `${HEAD} deptId`],
  ['org_dept_modify', 'change-department', { id: 777_000_777, hidden: true }, `${HEAD} deptId`],
  ['org_dept_remove', 'remove-department', { id: 777_000_777 }, `${HEAD} deptId`],
  [
    'inner_app_scopes_change',
    'settings',
    { range: { departments: [1], users: [] } },
    `${HEAD} roleIds userIds operatorUnionId deptIds unifiedAppId`,
  ],
])('%s has its fields in their order', async (type, name, body, fields) => {
  await act(name, body)
  expect(events.map((event) => [event['EventType'], Object.keys(event).join(' ')])).toEqual([[type, fields]])
})

step.each<[string, unknown, string]>([
  ['hire', { userid: 'zhou-01' }, 'Somebody has this userid.'],
  ['hire', { departments: ['12'] }, 'There is no such department.'],
  ['hire', { departments: [] }, 'Everybody is in some department.'],
  ['hire', { roles: ['1'] }, 'There is no such role.'],
  ['hire', { nmae: 'x' }, 'nmae'],
  ['hire', { userid: 'with space' }, 'userid'],
  ['hire', { name: 'a\u0000b' }, 'name'],
  ['hire', { name: 'a\ud83d' }, 'name'],
  ['change', { userid: 'nobody' }, 'There is no such person.'],
  ['dismiss', { userid: 'nobody' }, 'There is no such person.'],
  ['rejoin', { userid: 'zhou-01' }, 'Somebody has this userid.'],
  ['rejoin', { userid: 'nobody' }, 'Nobody of this userid has left.'],
  ['move-department', { id: 1, parentId: 1 }, 'The root stays where it is.'],
  ['remove-department', { id: 1 }, 'The root cannot be removed.'],
  ['create-department', { id: 1 }, 'A department has this id.'],
  ['create-department', { parentId: 12 }, 'There is no such department.'],
  ['settings', { refused: ['x'] }, 'refused'],
  // beyond what a Date can be
  ['hire', { hiredAt: 8.64e15 + 1 }, 'hiredAt'],
  ['hire', { hiredAt: -Number.MAX_SAFE_INTEGER }, 'hiredAt'],
  ['settings', { range: { people: [] } }, 'It does not take people.'],
  ['dismiss', {}, 'userid is missing.'],
  ['rename', { name: '小红' }, 'userid is missing.'],
  ['remove-department', {}, 'id is missing.'],
])('%s %j is refused', async (name, body, message) => {
  const { status, body: answer } = await dingtalk.control(name, body)
  expect([status, answer['message']]).toEqual([400, expect.stringContaining(message)])
  expect(events).toEqual([])
})

step('a department is never below itself', async () => {
  const { id: above } = await act('create-department', { name: '上' })
  const { id: below } = await act('create-department', { name: '下', parentId: above })
  for (const parentId of [above, below]) {
    expect((await dingtalk.control('move-department', { id: above, parentId })).body['message']).toBe(
      'A department cannot be below itself.',
    )
  }
})

step('whatever is looked up is as of the last change', async () => {
  const look = async () => [
    await dingtalk.oapi('topapi/user/count', { only_active: true }),
    await dingtalk.oapi('topapi/v2/user/list', { dept_id: 1, cursor: 0, size: 100, contain_access_limit: true }),
    await dingtalk.oapi('topapi/v2/department/get', { dept_id: 1 }),
    await dingtalk.oapi('topapi/role/simplelist', { role_id: 2_390_000_713, size: 100, offset: 0 }),
  ]
  const before = await look()
  await act('hire', { userid: 'looked-1', name: '看', roles: [2_390_000_713] })
  const after = await look()
  const without = (text: string) => text.replace(/"request_id":"\w+"/, '')
  expect(after.map((text, at) => without(text) === without(before[at] ?? ''))).toEqual([false, false, false, false])
})

const failedList = async () =>
  (await dingtalk.get(`oapi/call_back/get_call_back_failed_result?access_token=${await dingtalk.token()}`)).text

step.each<['failure' | 'nonsense']>([['failure'], ['nonsense']])(
  'a webhook that answers %s is tried again after 10 and 30 s, then the list has it',
  async (how) => {
    answers = how
    await failedList()
    await act('hire', { userid: `retried-${how}`, name: '三' })
    for (const [seconds, tries] of [
      [9, 1],
      [1, 2],
      [29, 2],
      [1, 3],
    ] as const) {
      await dingtalk.clock.advance(seconds * 1_000)
      await waitFor(() => events.length === tries)
      await settle()
    }
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(1)
    await waitFor(async () => (await counts()).waiting === 0)
    await dingtalk.clock.advance(179_000)
    expect(await failedList()).toBe('{"errcode":0,"errmsg":"ok","failed_list":[],"has_more":false}')
    await dingtalk.clock.advance(1_000)
    const time = events[0]?.['EventTime']
    const entry = `{"user_add_org":{"userid":["retried-${how}"],"corpid":"${CORP}"},"call_back_tag":"user_add_org","event_time":${time}}`
    expect(await failedList()).toBe(`{"errcode":0,"errmsg":"ok","failed_list":[${entry}],"has_more":false}`)
    // each call clears what the one before returned
    expect(await failedList()).toContain('"failed_list":[]')
  },
)

step('of three kinds lost on demand the list has each in its own form, at most 200 a call', async () => {
  await act('settings', { fail: 'callback-lost=100%' })
  const { id } = await act('create-department', { id: '90071992547409932', name: '丢' })
  await act('change', { userid: 'zhou-01', roles: ['2390000712'] })
  for (let at = 0; at < 200; at++) await dingtalk.control('change', { userid: 'zhou-01', title: String(at) })
  await act('settings', { fail: '' })
  expect(events).toEqual([])
  const first = await failedList()
  expect(first).toMatch(new RegExp(`"failed_list":\\[\\{"org_dept_create":\\{"callbackData":\\{.*"deptId":\\[${id}\\]`))
  expect(first).toContain('{"label_user_change":{"roleLabelChange":{"EventType":"label_user_change"')
  const sizeOf = (text: string) => (JSON.parse(text) as { failed_list: unknown[] }).failed_list.length
  expect([sizeOf(first), first.includes('"has_more":true')]).toEqual([200, true])
  const second = await failedList()
  expect([sizeOf(second), second.includes('"has_more":false')]).toEqual([2, true])
  expect(sizeOf(await failedList())).toBe(0)
})

step.each<[string, string, number, Partial<Counts>]>([
  ['gone: nowhere', 'callback-gone', 0, { gone: 1 }],
  ['twice', 'callback-twice', 2, { delivered: 2 }],
  ['late', 'callback-late', 1, { delivered: 1 }],
])('%s', async (_, fault, times, expected) => {
  const before = await counts()
  await act('settings', { fail: `${fault}=100%` })
  await act('hire', { name: '四' })
  await act('settings', { fail: '' })
  await dingtalk.clock.advance(60_000)
  await settle()
  expect(events).toHaveLength(times)
  const now = await counts()
  const gained = Object.fromEntries(
    Object.keys(expected).map((name) => [name, now[name as keyof Counts] - before[name as keyof Counts]]),
  )
  expect(gained).toEqual(expected)
})

step('a burst: six at a time are posted, in their order, and the rest once one of them is answered', async () => {
  const before = await counts()
  mostPosts = 0
  let open = () => {}
  opened = new Promise((resolve) => {
    open = resolve
  })
  const ids = Array.from({ length: 20 }, (_, at) => `burst-${at}`)
  for (const userid of ids) await dingtalk.control('hire', { userid, name: '众' })
  await dingtalk.clock.advance(0)
  await waitFor(() => posts === 6)
  expect((await counts()).waiting - before.waiting).toBe(20)
  expect(events.map(({ userId }) => String(userId)).toSorted()).toEqual(ids.slice(0, 6).toSorted())
  open()
  await waitFor(() => events.length === 20)
  await settle()
  expect([mostPosts, (await counts()).delivered - before.delivered]).toEqual([6, 20])
})

describe('a restart', () => {
  const restart = async (people?: number) => {
    await dingtalk.close()
    dingtalk = await startTestDingTalk({ folder, people, callbackTarget: target, clock: dingtalk.clock })
  }

  step('keeps the organisation, its keys, and the failed callbacks', async () => {
    await act('settings', { fail: 'callback-lost=100%' })
    await act('hire', { userid: 'lost-1', name: '五' })
    const { appKey, appSecret } = dingtalk
    const before = await dingtalk.truth()
    await restart()
    expect(await dingtalk.truth()).toEqual(before)
    expect(dingtalk).toMatchObject({ appKey, appSecret, description: expect.stringContaining('as it was left') })
    expect(await failedList()).toContain('"userid":["lost-1"]')
    await restart(50)
    expect(await dingtalk.truth()).toEqual(before)
  })

  step('gives up callbacks that still wait: the list has them', async () => {
    answers = 'failure'
    await act('hire', { userid: 'waits-1', name: '六' })
    await waitFor(() => events.length === 1)
    await restart()
    expect(await failedList()).toContain('"userid":["waits-1"]')
  })

  step('after a line that was cut off goes on with what was whole', async () => {
    const before = await dingtalk.truth()
    await dingtalk.close()
    fs.appendFileSync(path.join(folder, 'changes.jsonl'), '{"person":{"userid":"ha')
    dingtalk = await startTestDingTalk({ folder, people: undefined, callbackTarget: target })
    expect(await dingtalk.truth()).toEqual(before)
    await act('hire', { userid: 'after-1', name: '七' })
    await restart()
    expect((await dingtalk.truth()).people.map(({ userid }) => userid)).toContain('after-1')
  })

  step('with another number of people makes another one', async () => {
    const { appKey } = dingtalk
    await restart(60)
    expect((await dingtalk.truth()).people).toHaveLength(60)
    expect(dingtalk.appKey).not.toBe(appKey)
    expect(dingtalk.description).toContain(', in place of those before, whom the table still has, ')
  })

  step('with an organisation that is made in another way now makes another one', async () => {
    const { appKey } = dingtalk
    await act('hire', { userid: 'before-1', name: '八' })
    await dingtalk.close()
    const file = path.join(folder, 'organisation.json')
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/("seed": )\d+/, '$17'))
    dingtalk = await startTestDingTalk({ folder, people: undefined, callbackTarget: target })
    expect(dingtalk.appKey).not.toBe(appKey)
    expect(dingtalk.description).toContain(', in place of those before, ')
    expect((await dingtalk.truth()).people.map(({ userid }) => userid)).not.toContain('before-1')
  })

  step.each([
    ['changes.jsonl', '\0\0\0\n'],
    ['organisation.json', '{"format":1'],
  ])('refuses a file that is damaged: %s', async (name, text) => {
    await dingtalk.close()
    const file = path.join(folder, name)
    fs.writeFileSync(file, text)
    await expect(startTestDingTalk({ folder, people: undefined })).rejects.toThrow(`${file} is damaged. Remove`)
    fs.rmSync(folder, { recursive: true })
    dingtalk = await startTestDingTalk({ folder, callbackTarget: target })
    expect(dingtalk.description).not.toContain('in place of')
  })
})
